package dev.runnel.cli.terminal;

/** What a person has entered. */
sealed interface Input permits Input.Text, Input.Interrupted, Input.End {

    /** A text of one line or more, without what marks it as such. */
    record Text(String text) implements Input {}

    /** Ctrl-C at the prompt. */
    record Interrupted() implements Input {}

    /** Ctrl-D, or the end of standard input. */
    record End() implements Input {}
}
