"""VERBS: the map of the product. Everything that anybody can ask of the desk."""

from collections.abc import Mapping

from bot.desk import (
    again,
    alerts,
    cases,
    chats,
    families,
    identity,
    inbox,
    keypage,
    lessons,
    lowlevel,
    papers,
    reports,
    routed,
    sending,
    sent,
    sharing,
    staff,
    standing,
    topics,
    waiting,
)
from bot.desk.visit import Handler

VERBS: Mapping[str, Handler] = {
    "alerts": alerts.asked,
    "alerts.keep": alerts.kept,
    "alerts.look": alerts.looked_at,
    "assembly": lessons.assembly,
    "blocked": families.blocked,
    "coverage": staff.coverage_card,
    "deliveries": sent.deliveries,
    "delivery.again": sending.sent_again,
    "delivery.leave": sending.left,
    "draft.about": chats.about_chosen,
    "draft.drop": chats.drop,
    "draft.pass": chats.pass_it_on,
    "draft.stay": chats.stay,
    "help": staff.help_card,
    "home": staff.home,
    "identity.agree": identity.agreed,
    "identity.ask": identity.ask_form,
    "identity.ask.send": identity.asked,
    "identity.list": identity.waiting,
    "identity.look": identity.look,
    "identity.refuse": identity.refused,
    "identity.see": identity.seen,
    "identity.take_back": identity.taken_back,
    "inbox.acknowledge": inbox.acknowledged,
    "inbox.assign": cases.assign_asked,
    "inbox.assign.to": cases.assigned,
    "inbox.close": cases.close_asked,
    "inbox.close.agree": cases.closed,
    "inbox.close.send": cases.closing,
    "inbox.give": sharing.give_asked,
    "inbox.give.to": sharing.given,
    "inbox.hand_over": cases.hand_over_asked,
    "inbox.hand_over.send": cases.handed_over,
    "inbox.keys": keypage.keys_page,
    "inbox.list": inbox.listed,
    "inbox.note": cases.note_asked,
    "inbox.note.send": cases.noted,
    "inbox.paper": papers.taken_out,
    "inbox.papers": papers.asked,
    "inbox.read": inbox.opened,
    "inbox.refer": cases.refer_asked,
    "inbox.refer.send": cases.referred,
    "inbox.reopen": cases.reopened,
    "inbox.reply": cases.reply_asked,
    "inbox.reply.send": cases.replied,
    "inbox.routing": routed.shown,
    "inbox.share": sharing.share_asked,
    "inbox.share.to": sharing.shared,
    "join": families.join,
    "join.lang": families.join_in_language,
    "join.no": families.no_thanks,
    "language": families.languages,
    "language.set": families.set_language,
    "lesson": lessons.next_for_class,
    "lesson.hands": lessons.hands_form,
    "lesson.later": lessons.not_today,
    "lesson.partly": lessons.partly,
    "lesson.step": lessons.step,
    "lesson.taught": lessons.taught,
    "lollipop": staff.lollipop,
    "lowlevel.allege": lowlevel.allege_asked,
    "lowlevel.allege.yes": lowlevel.alleged,
    "lowlevel.end": lowlevel.end_asked,
    "lowlevel.end.yes": lowlevel.ended,
    "lowlevel.form": lowlevel.form,
    "lowlevel.list": lowlevel.listed,
    "lowlevel.people": lowlevel.people,
    "lowlevel.read": lowlevel.opened,
    "lowlevel.send": lowlevel.sent,
    "lowlevel.share": lowlevel.shared,
    "mailing.cancel": sending.cancelled,
    "mailing.pause": sending.paused,
    "mailing.resume": sending.resumed,
    "media": chats.media,
    "moved": families.moved,
    "news": families.news,
    "privacy": families.privacy,
    "report.about": reports.about_chosen,
    "report.add": standing.added,
    "report.form": reports.form,
    "report.hush": waiting.tell_nowhere,
    "report.is": topics.said,
    "report.send": reports.send,
    "report.start": reports.start,
    "report.status": standing.status,
    "report.tell": waiting.tell_here,
    "report.topic": topics.asked,
    "report.year": reports.year_chosen,
    "sending.go_on": sending.school_let_go,
    "sending.hold": sending.school_held,
    "start": families.start,
    "stop": families.stop,
    "unblocked": families.unblocked,
    "unknown": staff.unknown,
    "words": chats.words,
}

# Verbs that may take a report: a receipt is derived for them before the transaction opens, for it is slow on purpose.
WITH_RECEIPT = frozenset({"lowlevel.allege.yes", "report.send", "words"})
# After these somebody writes, and so the receipt can be derived meanwhile.
BEFORE_A_REPORT = frozenset({"report.about", "report.form", "report.start", "report.year"})

# Where an answer was lost with its process: these handlers are run again, and whatever they write is undone. They only
# read, or say of themselves what was done already. None may take a report: its receipt would open nothing.
READ_AGAIN = frozenset(
    {
        *("assembly", "coverage", "deliveries", "help", "home", "lollipop", "media", "news", "privacy", "unknown"),
        *("join", "join.lang", "join.no", "language", "language.set", "start", "stop"),
        *("lesson", "lesson.hands", "lesson.later", "lesson.partly", "lesson.step", "lesson.taught"),
        "lowlevel.form",
        *("report.about", "report.form", "report.start", "report.status", "report.topic", "report.year"),
    }
)

# And these say that it was done; any other says so in general words (again.done).
TOLD_AGAIN: Mapping[str, Handler] = {
    "draft.about": again.choice,
    "draft.drop": again.choice,
    "draft.pass": again.choice,
    "draft.stay": again.choice,
    "report.send": again.report,
    "words": again.words,
}

# Verbs that go before everything else.
SAFEGUARDING = frozenset(
    {name for name in VERBS if name.startswith(("report.", "draft.", "identity.", "inbox.", "lowlevel."))}
    | {"words", "media"},
)
