"""The registers in the database: of two changes one stands, what is closed is found no more, and its trail stays."""

from dataclasses import replace
from datetime import timedelta

from bot.storage import new_id
from staff import Did, Entry, Happening, Register
from tests.storage.conftest import HERE, NOW


def laptop():
    fields = {"sort": "laptop", "encrypted": "yes", "place": "Room 3"}
    return Entry(id=new_id(NOW), register=Register.DEVICE, title="Laptop 3", fields=fields, made=NOW, made_by="teacher")


def test_of_two_changes_of_one_state_the_first_stands(storage):
    entry = laptop()
    with storage.units.write(HERE) as unit:
        unit.registers.add(entry)
        assert unit.registers.change(replace(entry, holder="amara"), was=1)
        assert not unit.registers.change(replace(entry, holder="femi"), was=1)
        unit.commit()

    with storage.units.read(HERE) as unit:
        (kept,) = unit.registers.open(Register.DEVICE)
        assert kept == replace(entry, holder="amara", version=2)
        assert unit.registers.open(Register.RISK) == ()


def test_what_is_closed_is_found_no_more_and_its_trail_stays(storage):
    entry = laptop()
    with storage.units.write(HERE) as unit:
        unit.registers.add(entry)
        for minutes, did in enumerate((Did.ADDED, Did.CLOSED)):
            at = NOW + timedelta(minutes=minutes)
            unit.registers.note(Happening(id=new_id(at), entry=entry.id, at=at, by="teacher", did=did, note="Broken"))
        unit.registers.tell([entry.id], stage=3)
        assert unit.registers.one(entry.id).stage == 3
        assert unit.registers.change(replace(entry, closed=NOW), was=1)
        assert not unit.registers.change(replace(entry, title="Again"), was=2)
        unit.commit()

    with storage.units.read(HERE) as unit:
        assert unit.registers.one(entry.id) is None
        assert unit.registers.open(Register.DEVICE) == ()
        assert [each.did for each in unit.registers.trail(entry.id, limit=9)] == [Did.CLOSED, Did.ADDED]
