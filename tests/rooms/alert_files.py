"""Exports in the shapes of common products: the columns are theirs in kind, the rows are invented."""

SEARCHES = (
    "Date/Time,Username,Client IP,Category,Search Term,URL,Action,Level\r\n"
    "24/11/2026 09:15,oak.pupil07,10.1.4.7,Self Harm,how to hurt yourself,https://search.example/?q=1,Blocked,5\r\n"
    '24/11/2026 09:20,oak.pupil11,10.1.4.8,Violence,"knife, big",https://search.example/?q=2,Logged,3\r\n'
)
SCREENS = (
    '"Student Name";"Device Name";"Violation Date";"Violation Time";"Keyword";"Captured Text";"Library";"Severity"\n'
    '"Zoë Bąk";"LAB-07";"24/11/2026";"08:59:31";"kms";"i want to kms\nsoon";"Suicide";"High"\n'
)
AMERICAN = (
    "userEmail,alertType,createdAt,site,content,riskLevel\n"
    "a.p@school.example,Bullying,11/23/2026 09:15 AM,docs.example,you are so ugly,7\n"
    "b.q@school.example,Grief,11/03/2026 2:05 PM,mail.example,i miss her,4\n"
)
TITLED = (
    "Weekly report for Oakfield\n"
    "Generated: 24/11/2026\n"
    "\n"
    "Timestamp\tUser\tComputer\tAlert\n"
    "2026-11-24T09:00:00Z\tpupil1\tPC-1\tVPN opened\n"
)
LETTER = """From: alerts@filter.example
Date: Tue, 24 Nov 2026 08:47:00 +0000
Subject: High risk alert

A pupil has triggered an alert.
Student: Sam Lee
Category: Self harm
Text: i don't want to be here any more
"""
