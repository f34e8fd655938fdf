import pytest

from safeguarding.triage import TriageFault, is_urgent, load_rules, signs
from school.sensitive import Sensitive

RAISED = (
    ("sextortion", "He keeps asking for my photo and says he will tell everyone if I stop"),
    ("sextortion", "she said send me another pic or else"),
    ("sextortion", "they want money or they will show my mum"),
    ("sextortion", "hes blackmailing me"),
    ("sextortion", "someone is black-mailing my friend"),
    ("sextortion", "he is threatening to send it to everyone i know"),
    ("sextortion", "i have to pay him or he will post it"),
    ("sextortion", "If I block him he’ll tell my parents"),
    ("images", "he asked me for a nude"),
    ("images", "they leaked my pictures"),
    ("images", "my ex shared a private photo of me"),
    ("images", "He wants me to send a pic with no clothes on"),
    ("images", "she asked me to take my top off on camera"),
    ("images", "somebody made a fake naked picture of me"),
    ("images", "they are passing round a video of her"),
    ("images", "he sent me a dick pic"),
    ("secret", "he told me not to tell anyone"),
    ("secret", "She said it's our secret"),
    ("secret", "my uncle says I have to keep it a secret"),
    ("secret", "he said dont tell your mum"),
    ("secret", "I'm not allowed to tell"),
    ("meeting", "he wants to meet up on saturday"),
    ("meeting", "A man in the game asked where I live"),
    ("meeting", "she keeps asking what school i go to"),
    ("meeting", "i'm going to meet someone from online"),
    ("meeting", "he said he would pick me up outside school"),
    ("weapons", "a boy in year 9 carries a blade"),
    ("weapons", "he's got a machete in his bag"),
    ("weapons", "They said they are going to stab me"),
    ("weapons", "he said he will shoot up the school"),
    ("running away", "I have run away"),
    ("running away", "im not going home after school"),
    ("running away", "I want to leave home and never come back"),
    ("self-harm", "I don't want to be here any more"),
    ("self-harm", "i cant go on"),
    ("self-harm", "I want to end it all"),
    ("self-harm", "she has been cutting herself"),
    ("self-harm", "i wish i was dead"),
    ("self-harm", "everyone would be better off without me"),
    ("self-harm", "my friend took loads of pills"),
    ("self-harm", "he keeps telling me to kys"),
    ("self-harm", "thinking about killing   MYSELF"),
    ("hurt", "my dad hits me when he is drunk"),
    ("hurt", "he touched me where i didn't want"),
    ("hurt", "I'm scared to go home"),
    ("hurt", "she made me do things I didnt want to do"),
    ("hurt", "He forced me to"),
    ("hurt", "they are going to beat me up"),
    ("hurt", "my stepdad punched my mum"),
    ("now", "he is outside right now"),
)
LEFT = (
    "Somebody keeps calling me names in the group chat.",
    "I clicked a link and I think it was a scam.",
    "They left me out of the game again.",
    "She copied my homework and put it online.",
    "My little brother watches videos all night.",
    "I saw a scary advert.",
    "Someone made an account with my name.",
    "I lost my password and I am worried.",
    "They said my drawing was rubbish.",
    "He took my hat and would not give it back.",
    "I spent money in a game by mistake.",
    "People are being unkind about my hair.",
    "Everyone shares memes about our teacher.",
    "I feel left out when they play without me.",
    "Our class picture is on the school's website.",
    "The secret level in the game is really hard.",
    "I met my best friend in Year 2.",
    "We are going to the meeting about the school trip.",
    "My phone is cutting out and I can't log in.",
    "A stranger sent me a friend request and I said no.",
    "I'm not allowed on my tablet after six.",
    "Can you send me the photo of the homework?",
)


def raised_by(said: str) -> tuple[str, ...]:
    return signs(Sensitive(said))


@pytest.mark.parametrize(("rule", "said"), RAISED)
def test_what_a_child_in_danger_writes_is_put_first_for_dilys(rule, said):
    assert rule in raised_by(said)
    assert is_urgent(Sensitive(said))


@pytest.mark.parametrize("said", LEFT)
def test_what_a_child_writes_about_an_everyday_worry_is_not_put_before_somebody_in_danger(said):
    assert raised_by(said) == ()
    assert not is_urgent(Sensitive(said))


@pytest.mark.parametrize(
    "said",
    [
        "kill me", "suicide", "wanna die", "hurting myself", "self harm", "self-harm", "cut myself", "hit me",
        "touches me", "meet her", "naked", "nudes", "knife", "gun", "gun's", "not safe", "tonight", "running away",
    ],
)  # fmt: skip
def test_what_was_put_first_for_dilys_before_still_is(said):
    assert is_urgent(Sensitive(f"So {said}, and then"))


def test_more_words_never_take_a_child_off_the_top_of_dilyss_list():
    for rule, said in RAISED:
        assert rule in raised_by(f"{' '.join(LEFT)} {said} {' '.join(LEFT)}")


def test_twenty_thousand_characters_of_a_childs_words_are_read_at_once():
    said = "he says he will " * 1300

    assert not is_urgent(Sensitive(said))
    assert is_urgent(Sensitive(f"{said} tell everyone if i stop"))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[[rule]]\nid = 'x'\nwhy = 'y'\nsigns = []", "x: signs"),
        ("[[rule]]\nid = 'x'\nsigns = ['a']", "x: why"),
        ("[[rule]]\nid = 'x'\nwhy = 'y'\nsigns = ['...']", "x: “...” has no words"),
        ("[[rule]]\nid = 'x'\nwhy = 'y'\nsigns = ['a b!c']", "x: “a b!c”"),
        ("[[rule", "at the end of an array declaration"),
    ],
)
def test_a_lead_who_writes_a_rule_that_cannot_be_read_is_told_which(tmp_path, text, fault):
    table = tmp_path / "triage.toml"
    table.write_text(text, "utf-8")

    with pytest.raises(TriageFault, match=r"triage\.toml") as refused:
        load_rules(table)
    assert fault in str(refused.value)
