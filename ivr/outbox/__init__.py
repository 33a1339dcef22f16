"""What goes out: rows first, then claims, then what the carrier says. The protocol is in docs/reliability.md.

    pending -> claimed -> submitting -> accepted -> sent -> delivered | undelivered | failed
    and missed (too late, or nobody knows), suppressed (must not go out), cancelled (not wanted any more)

A claim counts `attempt` up, and every later write names it: whoever was late can write nothing. `submitting` is
committed before the carrier is asked, so that a row whose worker died is looked for there and not sent blindly again.
"""
