"""Every sentence of the web pages, in one place for Babel and for whoever reviews the wording."""

from school.words import Text

# The frame round every page.
SKIP = Text("Skip to the main part")
LANGUAGE = Text("Language")
NEED_HELP = Text("Need help now?")
MADE_WITH = Text("Lollipop helps your school keep people safe online.")
HOME = Text("Front page")

# The front page.
WELCOME = Text("Staying safe online at {school}")
WELCOME_LEAD = Text("Is something worrying you, online or anywhere else? You can tell us here.")
REPORT = Text("Tell us about a worry")
REPORT_WHY = Text("No account and no name needed. A trained adult at school reads it.")
RECEIPT_LINK = Text("Ask about a worry you sent")
RECEIPT_WHY = Text("Type the receipt you were given.")
NEWS = Text("News for families")
NEWS_WHY = Text("What we have sent home about life online.")
WHATIF = Text("What to do if ...")
WHATIF_WHY = Text("Short pages for parents: what to do first, and whom to tell.")
WHATIF_BACK = Text("Back to the other pages")
FAQ = Text("Questions and answers")
FAQ_WHY = Text("What families and staff have asked about life online.")
EVENTS = Text("What is on at school")
EVENTS_WHY = Text("Days that families are invited to.")
STAFF = Text("Staff sign-in")
STAFF_WHY = Text("For the people who look after safeguarding.")
WHICH_SCHOOL = Text("Which school?")

# Reporting.
QUICK_EXIT = Text("Leave fast")
QUICK_EXIT_HINT = Text("Or press the Escape key three times.")
ESCAPE_LEFT = Text("Press Escape again to leave.")
PROBLEM = Text("There is a problem")
ERROR_TITLE = Text("Problem: {title}")
OPTIONAL = Text("(you can leave this empty)")
WORDS_KEPT = Text("What you wrote is still here. Nothing was lost.")
NOTHING_SENT = Text("Nothing has been sent yet. Please put this right, then press the button again.")
MORE_FIRST = Text("More to know before you write")
MISSING = Text("Please answer this: {label}")
TOO_LONG = Text("Please make this shorter: {label} It has {length} characters; the most is {most}.")
NOT_A_NUMBER = Text("Please give a number: {label}")
NOT_AN_OPTION = Text("Please choose one of these: {label}")
NO_FILES = Text(
    "We can't take pictures or files here, and we did not keep the one you sent. Please use words. "
    "If a picture of you is being shared, Report Remove from Childline can help to get it taken down.",
)
TOO_MUCH = Text("That is more than this page can take in one go. Please go back and send it in parts.")
UNREADABLE = Text("We could not read that. Please go back and try once more.")
BUSY = Text(
    "Many messages came at once, so please wait {seconds} seconds and then press send again. "
    "If it can't wait, call or tell an adult now.",
)
NOT_TAKEN = Text(
    "We could not take that just now, and it has not been sent. Please press send again in a minute, "
    "or tell an adult you trust. If anyone is in danger, call 999.",
)
PRESS_ONCE_MORE = Text("This has not been sent yet. Please press send once more.")
USED_BEFORE = Text(
    "Something was sent with this form before, and it arrived. If this is something new, please press send once more. "
    "If it is the same, you don't need to."
)
ALREADY = Text("We have it already")
ALREADY_BODY = Text("This was sent once and arrived. You don't need to send it again.")
KIOSK_IDLE = Text("This page clears itself when nobody has touched it for five minutes.")
KIOSK_CLEARS = Text("This page clears itself in {seconds} seconds.", {"seconds": "{seconds}"})
KIOSK_MORE = Text("Give me more time")
KIOSK_DONE = Text("I'm done, clear this page")
WRITE_DOWN = Text("Write your receipt down before you leave. We can't show it again.")

# Receipts.
RECEIPT_EMPTY = Text("Please type your receipt.")

# Bringing in alerts.
NOTHING_BROUGHT = Text("Please choose a file, or paste the text of an e-mail.")
TRAY_EMPTY = Text("That was put away after a while. Nothing was kept. Please bring it in again.")
ALERT_FILE = Text("A CSV file")
ALERT_FILE_HINT = Text("At most {most} MB. It is read in memory, and not stored until you have looked at it.")
ALERT_LETTER = Text("Or the text of one alert e-mail")
ALERT_SOURCE = Text("Which system is it from?")
ALERT_LOOK = Text("Look at it")

# Signing in.
SIGN_IN = Text("Sign in")
PRIVACY_STAFF = Text("What we keep about you")
SIGN_IN_LEAD = Text("Only people with a safeguarding role can sign in here. Your passphrase opens the reports.")
WHO = Text("Who are you?")
PASSPHRASE = Text("Your passphrase")
SIGN_OUT = Text("Sign out")
SIGNED_IN = Text("Signed in: {name}")
IDLE_NOTE = Text("You are signed out after 15 minutes without a click, and after 8 hours at most.")
ENROL = Text("Set your passphrase")
ENROL_LEAD = Text("You need the one-time code that your office gave you.")
ENROL_LINK = Text("First time here, or a new code? Set your passphrase")
BACK_TO_SIGN_IN = Text("Back to sign-in")
CODE = Text("One-time code")
NEW_PASSPHRASE = Text("New passphrase")
NEW_PASSPHRASE_HINT = Text(
    "At least {least} characters. Four or five ordinary words are good. Nobody can find it out for you if it is lost.",
)
AGAIN = Text("The same passphrase again")
ENROL_SUBMIT = Text("Set passphrase")
ENROLLED = Text("Your passphrase is set. You can sign in now.")
RECOVER = Text("Use a recovery key")
RECOVER_LEAD = Text(
    "The recovery key is on the sheet in the school's safe. It lets you choose a new passphrase and read what you "
    "could read before. Each sheet works once: you get a new one."
)
RECOVER_LINK = Text("Passphrase lost? Use the recovery key from the school's safe")
RECOVERY = Text("Recovery key")
RECOVERY_HINT = Text("Twenty letters and numbers in five groups. Capitals and dashes don't matter.")
RECOVERY_EMPTY = Text("Please type the recovery key.")
RECOVER_SUBMIT = Text("Set the new passphrase")
RECOVERED = Text(
    "Your new passphrase is set. The sheet you used works no more, and nor does your authenticator app: "
    "you set that up again when you sign in."
)
APP_CODE_TITLE = Text("Code from your app")
APP_CODE = Text("The six numbers your authenticator app shows now")
APP_CODE_HINT = Text("Each code works once. If it has just changed, type the new one.")
APP_CODE_EMPTY = Text("Please type the six numbers from the app.")
APP_CODE_SUBMIT = Text("Go on")
PHONE_LOST = Text(
    "Phone lost or new? The head or the safeguarding lead can have your second factor reset by whoever looks after "
    "Lollipop. Then you set it up anew here."
)
FIVE_MINUTES = Text("You have five minutes for this. After that, start again with your passphrase.")
TOO_LATE = Text("That took more than five minutes. Please start again with your passphrase.")
CODES_WRONG = Text("Those were too many wrong codes. Please start again with your passphrase.")
SET_UP_TITLE = Text("Set up your authenticator app")
SET_UP_LEAD = Text(
    "From now on you need two things to sign in: your passphrase, and a code from an app on your phone. "
    "Any authenticator app will do."
)
SET_UP_SCAN = Text("In the app, add an account and scan this picture.")
SET_UP_PICTURE = Text("QR code for your authenticator app")
SET_UP_TYPE = Text("Or type this key into the app. It is for a code that changes with time, with six numbers.")
SET_UP_THEN = Text("Then type the code that the app shows, so that we know it works.")
SHEET = Text("Your recovery key")
SHEET_OF = Text("Recovery key of {name}, {school}")
SHEET_MARK = Text("Sheet {mark}")
SHEET_ONCE = Text("Print this page now, or write it down. It is shown this once, and nobody can show it again.")
SHEET_PUT = Text(
    "Put the sheet into an envelope, seal it, and sign across the flap. Ask a colleague to sign beside you, then put "
    "it into the school's safe. Two people guard it better than one."
)
SHEET_USE = Text(
    "If you lose your passphrase, open the envelope together and use the key under “Use a recovery key” at the staff "
    "sign-in. Whoever has this key can read what you can read."
)
SHEET_LAST = Text("Destroy any older sheet of yours: only the newest one works.")
SHEET_DONE = Text("The sheet is printed. Go on")
YOUR_KEY = Text("Your key")
CHANGE = Text("Change your passphrase")
CHANGE_LEAD = Text("You are signed out everywhere else. Your recovery key in the safe stays good.")
CHANGE_SUBMIT = Text("Change it")
PRINT = Text("Print a recovery key")
PRINT_LEAD = Text("You get a new sheet for the school's safe. The one before it works no more.")
PRINT_SUBMIT = Text("Make a new sheet")
PRINTED = Text("This is your new sheet.")
REPLACE = Text("Make a new key")
REPLACE_LEAD = Text(
    "Do this if you think that somebody else had your passphrase and a copy of your key. What you can read is moved to "
    "the new key, new reports are locked with it, and the old key is destroyed. Your passphrase and your app stay."
)
REPLACE_SUBMIT = Text("Make a new key now")
REPLACED = Text("You have a new key. The older sheet works no more: this is the new one.")
KEPT = Text("What you were writing: it was not sent")
KEPT_HINT = Text("You had been signed out by then. Copy it, sign in, open the report again and paste it.")
SIGNED_OUT = Text("You are signed out.")
CODE_EMPTY = Text("Please type the one-time code.")
TOO_SHORT = Text("Please make the passphrase longer: at least {least} characters.")
NOT_THE_SAME = Text("The two passphrases are not the same.")
WHO_EMPTY = Text("Please choose who you are.")
PASSPHRASE_EMPTY = Text("Please type your passphrase.")
WAIT = Text("There were several wrong tries. Please wait {seconds} seconds and try again.")
FAILED = Text("We could not do that just now. Please try again in a minute.")
INBOX = Text("Inbox")
DELIVERIES = Text("What was sent")
COVERAGE = Text("Coverage")
EVIDENCE = Text("Policy")
WHO_DOES_WHAT = Text("Who does what")
ROLL = Text("Roll")
INSET = Text("INSET day")
GUIDANCE = Text("Guidance")
PROGRAMME = Text("Programme")
SITES = Text("Checked sites")
REGISTERS = Text("Registers")
INBOX_NAV = Text("Staff pages")
MORE_PAGES = Text("More pages")
DONE_ALREADY = Text("That was done already. Nothing was changed.")

# Lessons and news.
SLIDE = Text("Screen {step} of {steps}")
NEXT = Text("Next")
BACK = Text("Back")
PRESENT_START = Text("Start")
PRESENT_KEYS = Text("Arrow keys, space or a clicker go from screen to screen. Press ? for all keys.")
STEP_OF = Text("Step {step} of {steps}, {minutes} minutes")
STEP = Text("Step {step} of {steps}")
MINUTES = Text("{minutes} minutes")
WORDS_TO_KNOW = Text("Words to know")
SHOW_ANSWER = Text("Show the answer")
QUIZ = Text("Quiz")
QUIZ_FOR = Text("A short quiz for you and your child together. Nothing that you tap here is kept.")
SEE_LESSON = Text("See the lesson")
LOOKED_AT = Text("Sites that we have looked at for this, and when")
SITE_ON = Text("{site}: {date}")
TIMER_START = Text("Start timer")
TIMER_PAUSE = Text("Pause")
TIMER_ON = Text("Go on")
TIMER_AGAIN = Text("Start again")
BLANK = Text("Blank")
BLANK_ENDS = Text("The screen is blank. Press any key to go on.")
FULL_SCREEN = Text("Full screen")
KEYS = Text("Keys")
CLOSE = Text("Close")
KEY_SPACE = Text("Space")
KEY_NEXT = Text("Next screen")
KEY_BEFORE = Text("Screen before")
KEY_ENDS = Text("First screen, last screen")
KEY_ANSWER = Text("Show or hide the answer to a question")
KEY_TIMER = Text("Start or pause the timer of this step. It makes no sound.")
KEY_ANEW = Text("Set the timer back")
KEY_BLANK = Text("Blank screen, and back")
KEY_FULL = Text("Full screen, and back")
KEY_HELP = Text("This list")
PAPERS_LEAD = Text(
    "Keep this address to yourself and your colleagues: it leads to the answers. It is good for half a year, and the "
    "lesson's card in Slack has a fresh one."
)
PAPERS_STAFF = Text("For whoever teaches, with answers")
PAPERS_ALL = Text("For everybody")
BIG_SCREEN = Text("Open on the big screen")
PAPERS_MOVED = Text("These papers have an address of their own")
PAPERS_MOVED_BODY = Text(
    "They hold the answers, so this link is no longer open to everybody, or it is too old. Type /lesson in Slack: the "
    "lesson's card has a link that works."
)
HANDOUT_SLIDES = Text("Slides (PPTX)")
HANDOUT_NOTES = Text("Notes with answers (PDF)")
HANDOUT_HOME = Text("Home sheet (PDF)")
HANDOUT_POSTER = Text("Poster with a code (PDF)")
NO_NEWS = Text("Nothing has been sent yet.")
FEED = Text("Follow this as a feed")

# When something is wrong.
NOT_FOUND = Text("We can't find that page")
NOT_FOUND_BODY = Text("The address may be old or mistyped. You could start again from the front page.")
NOT_ALLOWED = Text("That did not come from this page")
NOT_ALLOWED_BODY = Text("To keep everybody safe we did nothing. Please open the page again and try once more.")
BROKEN = Text("Something went wrong on our side")
BROKEN_BODY = Text(
    "It is not your fault. Please try again in a minute. If somebody needs help now, use the numbers below."
)
WRONG_WAY = Text("This page can't be used like that")

# News by e-mail.
JOIN = Text("Get our news by e-mail")
JOIN_LANGUAGE = Text("Which language?")
JOIN_ADDRESS = Text("Your e-mail address")
JOIN_HINT = Text("We send one letter there. You have joined when you tap the link in it.")
JOIN_SEND = Text("Send me the letter")
JOIN_LATER = Text("Many people asked just now. Nothing was sent to you yet. Please try again in an hour.")

# The archive, and the same in other forms.
ARCHIVE = Text("All our news, by month")
ON_PAPER = Text("Print this as a letter (PDF)")
FOR_YOUR_SITE = Text("For the school's own website")
COPY_THIS = Text("Copy one of these onto your own site. The first is for a page that takes HTML.")
AS_HTML = Text("As HTML")
AS_TEXT = Text("As plain text")
READ_THERE = Text("Read this on our news pages, and in other languages")
BACK_TO_IT = Text("Back to the page itself")
