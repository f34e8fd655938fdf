"""What whoever holds a receipt is asked, defined once: for the desk, which gives the form, and for the web's page.

The page gives it back with what was typed in it where the desk could not take that.
"""

from bot.wire import Form, FormField, Kind
from school.words import Text

RECEIPT_LENGTH = 60

RECEIPT = FormField(
    name="receipt",
    label=Text("Your receipt"),
    kind=Kind.LONG_TEXT,
    hint=Text("Sixteen letters and numbers, such as 7KQ4-M2XW-9D3F-HB6T. Capitals and dashes don't matter."),
    private=True,
    max_length=RECEIPT_LENGTH,
)
ASK = Form(
    title=Text("Ask about a worry you sent"),
    submit=Text("See how it stands"),
    verb="report.status",
    fields=(RECEIPT,),
)
# With the receipt once more: the page keeps nothing, and whoever sits down next shall not find it open.
ADD = Form(
    title=Text("Add something"),
    submit=Text("Add it"),
    verb="report.add",
    fields=(
        RECEIPT,
        FormField(
            name="words",
            label=Text("Is there anything you want to add?"),
            kind=Kind.LONG_TEXT,
            hint=Text("You can tell, explain or describe it. Spelling doesn't matter."),
            private=True,
        ),
    ),
)
