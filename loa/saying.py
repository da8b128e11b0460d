"""`loa say`: a filter of lines, which shells start again and again,
so it loads the reading and nothing else.
"""

import os
import sys
from collections.abc import Sequence

INTERRUPTED = 130  # what shells answer when Ctrl+C ended a command


def words_of(arguments: Sequence[str]) -> Sequence[str] | None:
    """The text that `loa say TEXT…` is to read, which may be empty.

    None for another command, or where an option is among the words: those are for the command line
    to parse, whose machinery takes longer to load than the reading.
    """
    is_plain = arguments[:1] == ["say"] and not any(
        word.startswith("-") for word in arguments
    )
    return arguments[1:] if is_plain else None


def say(words: Sequence[str]) -> None:
    """Prints the reading of the words; without words, one line for each line of standard input."""
    from service.vietnamese import say as read_line

    try:
        if words:
            print(read_line(" ".join(words)))
        else:
            for line in sys.stdin.buffer:
                print(read_line(line.decode("utf-8", "replace").rstrip("\r\n")))
        sys.stdout.flush()
    except BrokenPipeError:
        # The reader of our lines has gone, as `head` does; Python would complain once more at its
        # end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        raise SystemExit(INTERRUPTED) from None
