"""The files of a new school, as templates; the demo's school is the first of them filled in."""

SCHOOL = """\
# The school as Lollipop knows it. A pupil is never named here.
# The classes and people below are examples, with Slack ids that nobody has: put yours in their place.
# `lollipop check` says which examples still stand and what is missing, with the line.
id = "{id}"
name = "{name}"
languages = ["en", "pl", "ro", "ur", "ar"]

[calendar]
timezone = "Europe/London"
# Families hear nothing between these times.
quiet_from = 20:00:00
quiet_until = 07:30:00
# On school days, staff look at what came in between these times; reporters are told so.
open_from = 08:30:00
open_until = 16:00:00
inset = [2026-09-01, 2026-10-23, 2027-01-04]
closed = [2027-05-03]
terms = [
  {{ id = "autumn-1", first = 2026-09-01, last = 2026-10-23 }},
  {{ id = "autumn-2", first = 2026-11-02, last = 2026-12-18 }},
  {{ id = "spring-1", first = 2027-01-04, last = 2027-02-12 }},
  {{ id = "spring-2", first = 2027-02-22, last = 2027-03-25 }},
  {{ id = "summer-1", first = 2027-04-12, last = 2027-05-28 }},
  {{ id = "summer-2", first = 2027-06-07, last = 2027-07-21 }},
]

[[classes]]
id = "oak"
name = "Oak"
years = [4]
slack_channel = "C0OAK"

[[classes]]
id = "elm"
name = "Elm"
years = [4]
slack_channel = "C0ELM"

[[people]]
id = "amara"
name = "Amara Okafor"
roles = ["teacher", "esafety_lead"]
slack = "U0AMARA"
classes = ["oak"]

[[people]]
id = "dilys"
name = "Dilys Morgan"
roles = ["dsl"]
slack = "U0DILYS"

[[people]]
id = "femi"
name = "Femi Adeyemi"
roles = ["deputy_dsl", "teacher"]
slack = "U0FEMI"
classes = ["elm"]

[[people]]
id = "hannah"
name = "Hannah Lewis"
roles = ["head"]
slack = "U0HANNAH"

[[people]]
id = "grace"
name = "Grace Chen"
roles = ["chair_of_governors"]
slack = "U0GRACE"

[[people]]
id = "ben"
name = "Ben Carter"
roles = ["technician"]
slack = "U0BEN"

[reporting]
# The years that may report by Slack or Telegram message. The web form is open to every year.
# Both platforms ask for 16 years and more, so leave this at 12 and 13 unless that changes.
dm_years = [12, 13]
# Who answers when school is closed, such as your local children's services. `lollipop check` asks for it.
out_of_hours_phone = ""
record_system = "CPOMS"
# After the passphrase the safeguarding inbox asks for a code of an authenticator app on the reader's phone.
# "off" leaves that out: whoever sees a passphrase typed can then read the reports.
second_factor = "required"

[newsletters]
# Before a newsletter goes to the whole school, two people look at it and say yes: two of the head, the safeguarding
# lead, the e-safety lead and the office. "off" lets it go by itself on its day.
second_person = "required"

[staff]
# Over the year staff are asked for checks, signatures and training, a few at a time. "off" asks nobody.
ask = "on"

[approvers]
# Whose yes each request of staff needs: a role each, and a person of its own for each. Whoever asks never counts.
unblock = ["technician", "head", "esafety_lead"]
install = ["technician", "esafety_lead"]
research = ["esafety_lead", "technician"]

# Who says yes instead while nobody with the role is in, or while they ask themselves.
[approvers.deputies]
technician = ["dilys"]
head = ["dilys"]
esafety_lead = ["dilys"]

[filtering]
# Who provides your filter, and the e-mail address that they take faults at. Without one, staff get a text to send.
provider = ""
fault_email = ""

# What may follow when a rule about screens is broken, from the mildest step on, and the roles that decide on each.
# Lollipop has a ladder of its own; write yours here as it stands in your behaviour policy: take the # away, and change.
# Staff read it on /lollipop ladder. Whatever stands here, a child is never in trouble for telling.
# [sanctions]
# pupils = [
#   {{ step = "A calm talk: what happened, and how it can be put right", by = ["teacher"] }},
#   {{ step = "A call home", by = ["teacher"] }},
#   {{ step = "Suspension: no one but the head decides on it", by = ["head"] }},
# ]
# staff = [
#   {{ step = "A talk, and the staff agreement read again", by = ["head"] }},
#   {{ step = "The school's disciplinary procedure", by = ["head"] }},
# ]

[data_protection]
# The id of a person on the staff who is told of a breach as well.
contact = ""

[campaigns]
# Your own day of a campaign. A theme goes with it like this: {{ date = 2027-02-09, theme = "Smart choices" }}
safer-internet-day-2027 = 2027-02-09

# What families are invited to. Without classes and years it is for the whole school. They hear of it so many school
# days before: notice = 5. With rsvp = true they say who comes; places are for adults. A kind is "photos" (a show that
# people film), "parents_evening", "workshop" or "other". If it can't be held, write cancelled = true.
[[events]]
id = "winter-play"
name = "The winter play"
day = 2026-12-15
starts = 14:00:00
kind = "photos"

[[events]]
id = "year-4-evening"
name = "Parents' evening for Year 4"
day = 2027-03-16
starts = 16:00:00
years = [4]
kind = "parents_evening"
rsvp = true
places = 40
"""

ASKED = 'second_factor = "required"\n'
NOT_ASKED = """\
# The people of this sample school have no phones, so nobody could show a code. A real school says "required".
second_factor = "off"
"""


def without_phones(school: str) -> str:
    """The file of a school that nobody is real in; one from before there were second factors is given the line."""
    if "second_factor" not in school:
        return school.replace("[reporting]\n", f"[reporting]\n{NOT_ASKED}", 1)
    return school.replace(ASKED, NOT_ASKED)


# What one more school of several needs: which variables in .env hold its own tokens.
TOKENS = """
# The names of the variables in .env that hold this school's own tokens. Never write a token itself here.
# Take out what the school does not use.
[tokens]
slack_bot = "{prefix}_SLACK_BOT_TOKEN"
slack_app = "{prefix}_SLACK_APP_TOKEN"
slack_signing_secret = "{prefix}_SLACK_SIGNING_SECRET"
telegram = "{prefix}_TELEGRAM_TOKEN"
"""

ENV = """\
# Secrets of this school. Keep this file to yourself; it is never part of a report or a log.
# A channel without its token is off, and everything else works.
LOLLIPOP_PUBLIC_URL={public_url}
LOLLIPOP_TELEGRAM_TOKEN=
LOLLIPOP_SLACK_BOT_TOKEN=
LOLLIPOP_SLACK_APP_TOKEN=
LOLLIPOP_SLACK_SIGNING_SECRET=
LOLLIPOP_SMTP_URL=
"""
