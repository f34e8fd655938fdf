"""What staff can type in Slack: a line for each, shown to whoever may."""

from school.words import Text

# With the verb that each leads to: nobody is offered what would then be refused.
COMMANDS: tuple[tuple[str, Text], ...] = (
    ("lesson", Text("/lesson Oak – the next lesson for a class, and why it is next")),
    (
        "lesson",
        Text("On the card of a lesson: Start the lesson for you, Open on the big screen for what pupils may see"),
    ),
    ("assembly", Text("/assembly – this week's assembly prompt; or /assembly next, /assembly 14 for a school week")),
    ("starter", Text("/lollipop starter Science – two minutes for the start of any lesson")),
    ("check_it", Text("/lollipop check – a routine for judging what a class has found")),
    ("agreement", Text("/lollipop agreement Oak – a class's agreement, to read aloud and sign")),
    ("photos", Text("/lollipop photos OAK-07 – whether a pupil may be in pictures; /lollipop photos Oak for a class")),
    ("poll", Text("/lollipop poll – count hands for yes, no and not sure, and see bars; nothing is kept")),
    ("report.start", Text("/report – log a concern, or tell someone about a worry")),
    ("found", Text("/found – something unsuitable on a screen: what to do now, and whom to tell")),
    ("who", Text("/lollipop who – who does what here, and whom to tell")),
    ("todo", Text("/lollipop todo – what waits for you, each in a tap or two")),
    ("unblock", Text("/lollipop unblock – ask for a site that the filter blocks; three people decide")),
    ("research", Text("/lollipop research – open a topic for a class, for a time")),
    ("install", Text("/lollipop install – ask for a program or an app")),
    ("filterfault", Text("/lollipop filterfault – the filter lets something through, or blocks too much")),
    ("filteroff", Text("/lollipop filteroff – ask for a time without the filter")),
    ("breach", Text("/lollipop breach – data, a device or a password may be in the wrong hands: tell us now")),
    ("requests", Text("/lollipop requests – what was asked for, and what waits for your yes")),
    ("sign", Text("/lollipop sign – what you read and sign each year, and what you signed")),
    ("roll", Text("/lollipop roll – who has signed and who has not, a reminder, and signatures on paper")),
    ("training", Text("/lollipop training – what is yours to learn, in steps of a few minutes")),
    ("training.roll", Text("/lollipop training roll – who has done which training; /lollipop cpd for your own log")),
    ("inset", Text("/lollipop inset – the roll of an INSET day or a meeting about the policy")),
    ("sites", Text("/lollipop sites – sites that we have looked at before a lesson, and when")),
    ("devices", Text("/lollipop devices – the school's cameras, tablets and laptops: take one, bring it back")),
    ("policies", Text("/lollipop policies – the school's other policies, and which is out of date")),
    ("risks", Text("/lollipop risks – the risk register; /lollipop roles for who has which part")),
    ("found.list", Text("/lollipop finds – what has turned up on screens, and what was done")),
    # To staff alone: a pupil who asks is answered as one who reports.
    ("ask.send", Text("/lollipop ask – a question about life online, to whoever leads on e-safety")),
    ("ask.send", Text("/lollipop faq – questions that others have asked")),
    ("ask.list", Text("/lollipop questions – questions that wait for your answer")),
    ("numbers", Text("/lollipop numbers – families, languages, quizzes and leaving, in numbers")),
    ("deliveries", Text("/lollipop status – what is planned, sent, failed and unknown")),
    ("events.list", Text("/lollipop events – what families are invited to, and how many come")),
    ("policy", Text("/lollipop policy – the school's own policy, its versions, and who has agreed")),
    ("evidence", Text("/lollipop evidence – how the policy stands, clause by clause, and what to do next")),
    ("coverage", Text("/lollipop coverage – what each class has been taught; /lollipop coverage Oak for one")),
)
