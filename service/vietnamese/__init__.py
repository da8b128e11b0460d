"""Written Vietnamese becomes what an announcer says, sentence by sentence, with every change told."""
