import os

# python-telegram-bot 22.2 and later warn about seconds as numbers unless told to hand out timedeltas.
os.environ.setdefault("PTB_TIMEDELTA", "true")
