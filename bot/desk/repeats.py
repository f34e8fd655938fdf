"""What becomes of an answer that was lost with its process: which verbs are asked again, and what else is said."""

from collections.abc import Mapping

from bot.desk import again
from bot.desk.visit import Handler

# Verbs that may take a report: a receipt is derived for them before the transaction opens, for it is slow on purpose.
WITH_RECEIPT = frozenset({"ask", "ask.send", "ask.worry.send", "lowlevel.allege.yes", "report.send", "words"})
# After these somebody writes, and so the receipt can be derived meanwhile.
BEFORE_A_REPORT = frozenset({"report.about", "report.form", "report.start", "report.year"})

# Where an answer was lost with its process: these handlers are run again, and whatever they write is undone. They only
# read, or say of themselves what was done already. None may take a report: its receipt would open nothing.
READ_AGAIN = frozenset(
    {
        *("agreement", "agreement.read", "agreement.sign", "agreement.signed", "check_it", "lesson.more", "starter"),
        *("assembly", "coverage", "deliveries", "help", "home", "lollipop", "media", "news", "privacy"),
        *("event", "event.say", "event.talk", "events", "events.list", "evidence", "policy", "programme"),
        *("news.lesson", "numbers", "quiz", "unknown"),
        *("agree", "agree.pic", "agree.read", "agree.yes", "photos", "child.join", "child.lang", "child.no"),
        *("join", "join.lang", "join.no", "language", "language.set", "start", "stop"),
        *("privacy.copy", "privacy.erase", "privacy.erase.yes", "years", "years.leave", "years.often", "years.year"),
        *(
            "lesson",
            "lesson.digest",
            "lesson.hands",
            "lesson.later",
            "lesson.newer",
            "lesson.others",
            "lesson.partly",
            "lesson.remind",
            "lesson.step",
            "lesson.taught",
        ),
        *("newsletter.look", "newsletter.page"),
        *("letters", "letters.leave", "mail.door", "mail.look"),
        *("lesson.this", "revisit", "revisit.done", "revisit.hands"),
        *("know", "know.hands", "know.keep", "poll", "poll.show"),
        *("ask.answer", "ask.list", "ask.read", "ask.worry", "faq", "faq.form", "faq.off", "lowlevel.form", "whatif"),
        *("breach", "filterfault", "filteroff", "install", "research", "unblock"),
        *("req.close", "req.ico", "req.no", "req.read", "requests"),
        *("found", "found.deal", "found.form", "found.list", "found.read", "sites", "sites.form", "sites.off"),
        *("devices", "policies", "registers", "registers.form", "registers.open", "registers.say", "risks", "roles"),
        *("roll", "roll.paper", "roll.remind", "roll.words", "guidance", "guidance.form", "guidance.open", "searching"),
        *("sign", "sign.answer", "sign.ask", "sign.read", "sign.yes", "searching.done"),
        *("ladder", "whatnow", "who", "todo", "todo.aside", "todo.note", "todo.read", "todo.right", "todo.wrong"),
        *("cpd", "cpd.form", "training", "training.answer", "training.needs", "training.next", "training.open"),
        *("inset", "inset.away", "inset.form", "inset.open", "training.roll", "training.survey"),
        *("report.about", "report.form", "report.start", "report.status", "report.topic", "report.year"),
    }
)

# And these say that it was done; any other says so in general words (again.done).
TOLD_AGAIN: Mapping[str, Handler] = {
    "ask": again.question,
    "ask.send": again.question,
    "draft.about": again.choice,
    "draft.drop": again.choice,
    "draft.pass": again.choice,
    "draft.stay": again.choice,
    "report.send": again.report,
    "words": again.words,
}
