"""Who says yes to requests, in a school file: every fault with its line and its cure."""

import pytest
from click.testing import CliRunner

from bot.__main__ import cli
from bot.school_file import SchoolFile
from school.people import Role
from tests.desk.test_school_file import WHOLE, faults_of, line_of

__all__ = ["faults_of"]


def test_an_office_that_leaves_the_sample_as_it_is_has_approvers_and_deputies():
    school = SchoolFile.parse(WHOLE, place="school.toml").school()

    assert school.approvers.unblock == (Role.TECHNICIAN, Role.HEAD, Role.ESAFETY_LEAD)
    assert school.approvers.deputies[Role.HEAD] == ("dilys",)
    assert (school.filtering.fault_email, school.data_protection) == ("", "")


@pytest.mark.parametrize(
    ("old", "new", "at", "said"),
    [
        ('technician = ["dilys"]', 'technician = ["femy"]', "technician = [", "'femy' stands in for the tech"),
        ('contact = ""', 'contact = "nobody"', "contact =", "'nobody' is the contact for data protection"),
        (
            'fault_email = ""',
            'fault_email = "ask them"',
            "fault_email =",
            "is not an e-mail address: write one such as",
        ),
        (
            'install = ["technician", "',
            'install = ["technician", "technician", "',
            "install =",
            "a role stands here twice",
        ),
        ('provider = ""', 'providor = ""', "provider =", "did you mean 'provider'?"),
    ],
)
def test_an_office_that_writes_a_fault_reads_its_line_and_its_cure(faults_of, old, new, at, said):
    (fault,) = faults_of(old, new)

    assert fault.startswith(f"school.toml:{line_of(WHOLE, at)}:")
    assert said in fault


def test_an_office_that_begins_with_its_own_people_has_them_as_deputies(tmp_path):
    typed = ["init", str(tmp_path), "--name", "Ashgrove", "--lead", "Nadia Rahman", "--head", "Owen Price"]

    done = CliRunner().invoke(cli, typed)

    school = SchoolFile.read(tmp_path / "school.toml").school()
    assert done.exit_code == 0
    assert school.approvers.deputies[Role.HEAD] == ("nadia",)
