"""What of a web address is kept, and what is none."""

import pytest

from staff import label_of, never_a_link, short_address, tidied
from staff.addresses import LongAddressError, NoAddressError, same_page
from staff.finds import NoMarkError


@pytest.mark.parametrize(
    ("typed", "kept", "cut"),
    [
        ("https://Example.org", "https://example.org/", False),
        (" example.org/a ", "https://example.org/a", False),
        ("HTTP://example.org:80/A/b?name=Sam", "http://example.org/A/b", True),
        ("https://example.org:8443/a#sam", "https://example.org:8443/a", True),
        ("https://example.org/a?", "https://example.org/a", False),
        ("https://example.org?q=Sam", "https://example.org/", True),
        ("https://münchen.example/straße", "https://xn--mnchen-3ya.example/straße", False),
        ("https://example.org./x", "https://example.org/x", False),
    ],
)
def test_an_address_is_kept_without_what_may_name_somebody(typed, kept, cut):
    found = tidied(typed)

    assert (found.address, found.cut) == (kept, cut)


@pytest.mark.parametrize(
    "typed",
    [
        *(
            "",
            "maps",
            "ftp://example.org/",
            "javascript:alert(1)",
            "mailto:sam@example.org",
            "https://",
            "http://a b.org",
        ),
        *("https://sam:pw@example.org/", "http://127.0.0.1/", "http://[::1]/", "https://-a.org/", "https://a..org"),
        *(
            "https://example.org:99999/",
            "https://example.org:0/",
            "https://example.org/<script>",
            "https://" + "a" * 64 + ".org",
        ),
    ],
)
def test_what_is_no_web_address_is_refused(typed):
    with pytest.raises(NoAddressError):
        tidied(typed)


def test_an_address_that_is_too_long_is_refused_and_says_so():
    with pytest.raises(LongAddressError, match="room for 300"):
        tidied("https://example.org/" + "a" * 300)


def test_an_address_is_shortened_for_a_line_and_one_page_is_known_however_it_is_spelt():
    assert short_address("https://www.example.org/maps/") == "example.org/maps"
    assert short_address("https://example.org/" + "a" * 99, 20) == "example.org/aaaaaaa…"
    assert same_page("https://www.example.org/maps/", "http://example.org/maps")
    assert not same_page("https://example.org/maps", "https://example.org/Maps")


def test_an_address_that_nobody_should_open_is_no_link():
    assert never_a_link("https://example.org/a.html") == "https example[.]org/a[.]html"


@pytest.mark.parametrize(
    ("typed", "kept"), [("", ""), (" iPad  14 ", "iPad 14"), ("Room 3", "Room 3"), ("A-1/2", "A-1/2")]
)
def test_a_label_has_a_number(typed, kept):
    assert label_of(typed) == kept


@pytest.mark.parametrize("typed", ["Sam", "Sam Jones", "the one that Sam had: 3", "x" * 23 + "12", "14!"])
def test_a_name_is_no_label(typed):
    with pytest.raises(NoMarkError):
        label_of(typed)
