package dev.runnel.it;

/** Texts of 100 KB that a model might write. Each form is hard for a page in a way of its own. */
enum LongTexts {
    /** Headings, paragraphs, lists, tables and code. */
    MARKDOWN,
    /** One block of code that does not end. */
    CODE,
    /** One paragraph without a line end. */
    PARAGRAPH,
    /** One list that does not end. */
    LIST;

    static final int BYTES = 100_000;

    private String part(int number) {
        return switch (this) {
            case MARKDOWN -> section(number);
            case CODE -> number == 0 ? "```python\n" : "value_" + number + " = compute(" + number + ", \"text\")\n";
            case PARAGRAPH -> "The river went on to the sea, past village " + number + ", and *did not* stop. ";
            case LIST ->
                "- item " + number + " of the list, with `code` and a [link](https://example.com/" + number + ")\n";
        };
    }

    private static String section(int number) {
        return """
                ## Part %1$d

                The fox ran over the **snow** and *looked* at the river. It was cold, and the stars were out. Nothing
                moved in the wood but the fox, which had a plan for the night: to find `%1$d` mice.

                1. It went along the bank.
                2. It waited at the bridge, and [read a sign](https://example.com/%1$d).
                   - The sign was old.
                   - The sign said nothing.

                | hour | mice | weather |
                |---|---:|---|
                | %1$d | 3 | snow |
                | later | 12 | wind |

                ```java
                int mice = %1$d;
                System.out.println("The fox found " + mice + " mice");
                ```

                > The fox was not seen.

                """.formatted(number);
    }

    String text() {
        var text = new StringBuilder();
        for (int number = 0; text.length() < BYTES; number++) {
            text.append(part(number));
        }
        return text.substring(0, BYTES);
    }
}
