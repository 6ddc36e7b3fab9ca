"""One simulated IOS-XE router: a state machine that renders what it shows from what it is.

No text of a recorded output lives here, only layouts; names, tags, dates and codes are state.
"""
