"""Floor 3: staff and the policy itself. Front door: `from staff import weigh`."""

from staff.addresses import never_a_link, short_address, tidied
from staff.approving import Seat, Verdict, Vote, may_vote, seats_for, vacant, verdict_of
from staff.chasing import tell_of_duties, tell_of_wrong
from staff.checks import (
    Check,
    Rhythm,
    all_checks,
    asked_for,
    drop_unasked,
    last_day,
    lay_checks,
    load_checks,
    look_after_leavers,
    period_of,
    still_wrong,
)
from staff.cpd import WHAT_LENGTH, log_cpd
from staff.days import day_typed
from staff.deciding import (
    ask_for,
    close_request,
    decide_report,
    do_request,
    may_close_request,
    may_decide_report,
    may_start_clock,
    missing_offices,
    on_again_by,
    open_for,
    request_for,
    seats_of,
    start_clock,
    switch_off,
    switch_on,
    vote_on,
    waiting_for,
)
from staff.devices import Where, bring_back, looked_over, lose, may_see, take_out, where_is
from staff.duties import (
    MINDERS,
    NOTE_LENGTH,
    Duty,
    DutyState,
    DutyStore,
    NoSuchDutyError,
    Sort,
    WrongMeanwhileError,
    answer_duty,
    duty_for,
    minds,
)
from staff.finds import (
    LEADS,
    MARK_LENGTH,
    OWNERS,
    Dealt,
    Device,
    Find,
    FindStore,
    Kind,
    Seen,
    When,
    deal_with,
    find_for,
    label_of,
    may_read_find,
    report_find,
)
from staff.inset import inset_agenda, inset_deck
from staff.joining import newcomers, note_joiners
from staff.ladder import DECIDE_ON_PUPILS, DECIDE_ON_STAFF, ladder_of, undecided, usual_ladder
from staff.learning_book import CpdEntry, Joined, LearningBook, SureCount
from staff.meetings import INSET, STAFF_MEETING, Meeting, NoSuchMeetingError, meetings_of, open_roll, say_there
from staff.named_parts import APPROVALS, Alarm, Part, alarms, role_register, said_alarm
from staff.needs import (
    NEEDS,
    PLAN,
    SMALLEST_SHOWN,
    Needs,
    NoPlanError,
    Warmth,
    accept_plan,
    all_topics,
    answer_survey,
    lay_survey,
    needs_of,
)
from staff.nudges import CALM, calm_hour, tell_of_gaps
from staff.people_roll import PersonRoll, RollItem, roll_by_person
from staff.policy import Clause, PolicyFault, Theme, load_clauses
from staff.questions import (
    ADVISERS,
    ANSWER_LENGTH,
    ANSWERED_WITHIN,
    FAQ_ANSWER_LENGTH,
    FAQ_ASK_LENGTH,
    QUESTION_LENGTH,
    Asker,
    Faq,
    Question,
    QuestionState,
    QuestionStore,
    answer_question,
    close_question,
    forget_questions,
    make_faq,
    put_question,
    question_for,
)
from staff.register_fields import COLUMNS, LENGTHS, OFFERED, cell_of, drafted, may_own
from staff.register_hand import ChangedMeanwhileError, Drafted, Hand, same_title
from staff.register_rounds import look_after_registers, registers_round
from staff.registers import Did, Entry, Happening, NoSuchEntryError, Register, RegisterStore, entry_for, may_keep
from staff.releases import (
    LINE_LENGTH,
    MOST_CHANGED,
    MOST_TO_DO,
    SOURCE_LENGTH,
    TITLE_LENGTH,
    Release,
    ReleaseStore,
    Worked,
    add_releases,
    add_typed,
    checks_of,
    first_day,
    load_releases,
    releases_of,
    shipped_releases,
    take_up,
    worked_through,
)
from staff.reminders import Reminded, remind_learners, remind_signers
from staff.request_notices import FAULTS, Books, may_look_after
from staff.request_rounds import look_after_requests
from staff.requests import (
    AS_SOON,
    AS_SOON_WITHIN,
    GOING_ON,
    ICO_HOURS,
    MAY_SWITCH,
    SUBJECT_LENGTH,
    UNDONE,
    WHY_LENGTH,
    Ask,
    Breach,
    Fault,
    Personal,
    Reported,
    RequestState,
    RequestStore,
    StaffRequest,
    WrongTimesError,
    has_clock,
    lapses_on,
    plain_words,
    wanted_for,
)
from staff.risks import still_proposed, take_over
from staff.signing import (
    ChangedSinceError,
    PaperDayError,
    QuestionsFirstError,
    SignLine,
    SignSheet,
    ToSign,
    documents_to_sign,
    holds_now,
    lay_signs,
    questions_before,
    sheets_to_sign,
    sign_document,
    sign_on_paper,
    signers_of,
    try_option,
    words_signed,
)
from staff.site_rounds import note_answers, tell_of_due_sites
from staff.sites import PURPOSE_LENGTH, OffBecause, Site, SiteStore, add_site, check_site, due_on, is_due, take_site_off
from staff.titles import Titles, titles_of
from staff.training import (
    Module,
    NoSuchModuleError,
    NoSuchOptionError,
    RollLine,
    all_modules,
    all_scenarios,
    lay_modules,
    lay_scenarios,
    learners,
    mark,
    module_of,
    own_duty,
    place,
    read_on,
    roll,
    thought_about,
)
from staff.versions import (
    MOST_BYTES,
    OFFICES,
    Policy,
    PolicyStore,
    Version,
    Yes,
    agree_to,
    default_text,
    in_force,
    load_version,
    policy_of,
    read_policy,
    review_by,
    tell_of_review,
)
from staff.weighing import Colour, Standing, weigh
from staff.whatnow import Situation, ToTell, all_situations, whom_to_tell

# fmt: off
__all__ = [
    "ADVISERS", "ANSWERED_WITHIN", "ANSWER_LENGTH", "APPROVALS", "AS_SOON", "AS_SOON_WITHIN", "CALM", "COLUMNS",
    "DECIDE_ON_PUPILS", "DECIDE_ON_STAFF", "FAQ_ANSWER_LENGTH", "FAQ_ASK_LENGTH", "FAULTS", "GOING_ON",
    "ICO_HOURS", "INSET", "LEADS", "LENGTHS", "LINE_LENGTH", "MARK_LENGTH", "MAY_SWITCH", "MINDERS", "MOST_BYTES",
    "MOST_CHANGED", "MOST_TO_DO", "NEEDS", "NOTE_LENGTH", "OFFERED", "OFFICES", "OWNERS", "PLAN",
    "PURPOSE_LENGTH", "QUESTION_LENGTH", "SMALLEST_SHOWN", "SOURCE_LENGTH", "STAFF_MEETING", "SUBJECT_LENGTH",
    "TITLE_LENGTH", "UNDONE", "WHAT_LENGTH", "WHY_LENGTH", "Alarm", "Ask", "Asker", "Books", "Breach",
    "ChangedMeanwhileError", "ChangedSinceError", "Check", "Clause", "Colour", "CpdEntry", "Dealt", "Device",
    "Did", "Drafted", "Duty", "DutyState", "DutyStore", "Entry", "Faq", "Fault", "Find", "FindStore", "Hand",
    "Happening", "Joined", "Kind", "LearningBook", "Meeting", "Module", "Needs", "NoPlanError", "NoSuchDutyError",
    "NoSuchEntryError", "NoSuchMeetingError", "NoSuchModuleError", "NoSuchOptionError", "OffBecause",
    "PaperDayError", "Part", "PersonRoll", "Personal", "Policy", "PolicyFault", "PolicyStore", "Question",
    "QuestionState", "QuestionStore", "QuestionsFirstError", "Register", "RegisterStore", "Release",
    "ReleaseStore", "Reminded", "Reported", "RequestState", "RequestStore", "Rhythm", "RollItem", "RollLine",
    "Seat", "Seen", "SignLine", "SignSheet", "Site", "SiteStore", "Situation", "Sort", "StaffRequest", "Standing",
    "SureCount", "Theme", "Titles", "ToSign", "ToTell", "Verdict", "Version", "Vote", "Warmth", "When", "Where",
    "Worked", "WrongMeanwhileError", "WrongTimesError", "Yes", "accept_plan", "add_releases", "add_site",
    "add_typed", "agree_to", "alarms", "all_checks", "all_modules", "all_scenarios", "all_situations",
    "all_topics", "answer_duty", "answer_question", "answer_survey", "ask_for", "asked_for", "bring_back",
    "calm_hour", "cell_of", "check_site", "checks_of", "close_question", "close_request", "day_typed",
    "deal_with", "decide_report", "default_text", "do_request", "documents_to_sign", "drafted", "drop_unasked",
    "due_on", "duty_for", "entry_for", "find_for", "first_day", "forget_questions", "has_clock", "holds_now",
    "in_force", "inset_agenda", "inset_deck", "is_due", "label_of", "ladder_of", "lapses_on", "last_day",
    "lay_checks", "lay_modules", "lay_scenarios", "lay_signs", "lay_survey", "learners", "load_checks",
    "load_clauses", "load_releases", "load_version", "log_cpd", "look_after_leavers", "look_after_registers",
    "look_after_requests",
    "looked_over", "lose", "make_faq", "mark", "may_close_request", "may_decide_report", "may_keep",
    "may_look_after", "may_own", "may_read_find", "may_see", "may_start_clock", "may_vote", "meetings_of",
    "minds", "missing_offices", "module_of", "needs_of", "never_a_link", "newcomers", "note_answers",
    "note_joiners", "on_again_by", "open_for", "open_roll", "own_duty", "period_of", "place", "plain_words",
    "policy_of", "put_question", "question_for", "questions_before", "read_on", "read_policy", "registers_round",
    "releases_of", "remind_learners", "remind_signers", "report_find", "request_for", "review_by",
    "role_register", "roll", "roll_by_person", "said_alarm", "same_title", "say_there", "seats_for", "seats_of",
    "sheets_to_sign", "shipped_releases", "short_address", "sign_document", "sign_on_paper", "signers_of",
    "start_clock", "still_proposed", "still_wrong", "switch_off", "switch_on", "take_out", "take_over",
    "take_site_off", "take_up", "tell_of_due_sites", "tell_of_duties", "tell_of_gaps", "tell_of_review",
    "tell_of_wrong", "thought_about", "tidied", "titles_of", "try_option", "undecided", "usual_ladder", "vacant",
    "verdict_of", "vote_on", "waiting_for", "wanted_for", "weigh", "where_is", "whom_to_tell", "words_signed",
    "worked_through",
]
# fmt: on
