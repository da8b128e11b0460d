"""Faults at every part of a Loa that really works, in both shapes: `make chaos`.

Each round hands news in, breaks one thing (a row of `injections.INJECTIONS`, drawn from
`CHAOS_SEED` and the round's number alone), mends it, and takes the time until all that was accepted
is on the air. A slot's `latest.mp3` is asked five times a second all the while. At the end every
article is looked for:

- lost: it was answered 202, and is not there, or not whole;
- doubled: it is there twice, or was read twice though nobody changed it;
- unapproved: public, or heard at the slot, without an approval;
- stuck: nobody works on it any more;
- held for a person though only the house was at fault.

The machine is the one that all of this runs on: processes die by SIGKILL, PostgreSQL and Redis are
real, disks and clocks lie through a shared library of 100 lines (`faults.c`), the bucket through a
proxy.
"""
