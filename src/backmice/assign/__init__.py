"""Assignments from the book: `assignment` says what is asked, `page` writes the student's copy, `envelope` seals,
`handed` reads what comes back and names what is odd about it, `grade` counts it, `report` tells it.

There is no server. The student's copy has no key; the instructor's file has it, and opens what students seal.
"""
