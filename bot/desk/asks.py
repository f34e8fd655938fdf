"""What the form of a report asks, in the words of each reading level: the same questions, and the same answers.

Open prompts alone ("tell us", "what happened"): nothing is put into a child's mouth, and nothing is promised. What was
answered is kept by its name, never by the words that somebody read, so that it means the same to whoever reads it.
"""

from collections.abc import Mapping

from safeguarding import About, Level
from school.words import Text

ABOUT_ASKED: Mapping[Level, Text] = {
    Level.KS1: Text("Is it about a grown-up who works or helps at school?"),
    Level.KS2: Text("Is this about an adult who works or helps at school?"),
    Level.KS3: Text("Is this about an adult who works or helps at school?"),
}
ABOUT: Mapping[Level, Mapping[About, Text]] = {
    Level.KS1: {
        About.PUPIL: Text("No. It is about me or another child"),
        About.ADULT: Text("Yes, a teacher or another grown-up"),
        About.HEAD: Text("Yes, the head teacher"),
        About.LEAD: Text("Yes, the grown-up in charge of keeping us safe"),
        About.NOT_SURE: Text("I don't know"),
    },
    Level.KS2: {
        About.PUPIL: Text("No, or it is about me or another pupil"),
        About.ADULT: Text("Yes, a teacher or another adult at school"),
        About.HEAD: Text("Yes, the headteacher"),
        About.LEAD: Text("Yes, the adult in charge of keeping us safe"),
        About.NOT_SURE: Text("I'm not sure"),
    },
    Level.KS3: {
        About.PUPIL: Text("No, or it is about me or another pupil"),
        About.ADULT: Text("Yes, a teacher or another adult at school"),
        About.HEAD: Text("Yes, the headteacher"),
        About.LEAD: Text("Yes, the safeguarding lead"),
        About.NOT_SURE: Text("I'm not sure"),
    },
}
ABOUT_MISSING: Mapping[Level, Text] = {
    Level.KS1: Text("Please pick one: is it about a grown-up at school? You can pick “I don't know”."),
    Level.KS2: Text("Please choose one: is it about an adult at school? You can choose “I'm not sure”."),
    Level.KS3: Text("Please choose one: is it about an adult at school? You can choose “I'm not sure”."),
}
WORDS_ASKED: Mapping[Level, Text] = {
    Level.KS1: Text("What happened? Tell us in your own words."),
    Level.KS2: Text("Tell us what happened, in your own words."),
    Level.KS3: Text("Tell us what happened, in your own words."),
}
WORDS_HINT: Mapping[Level, Text] = {
    Level.KS1: Text("Say it in any way you like. Spelling doesn't matter."),
    Level.KS2: Text("You can tell, explain or describe it. Spelling doesn't matter."),
    Level.KS3: Text("You can tell, explain or describe it. Spelling doesn't matter."),
}
WORDS_MISSING = Text("There are no words yet. Please write a little about what happened, in any way you like.")
# What the receipt is for, on the page that shows it; it stands right below the code.
RECEIPT_FOR: Mapping[Level, Text] = {
    Level.KS1: Text("Write it down. With it you can ask us what has happened. We can't show it again."),
    Level.KS2: Text("Write it down. With it you can ask how your report stands. We can't show it again."),
    Level.KS3: Text("Write it down. With it you can ask how your report stands. We can't show it again."),
}
