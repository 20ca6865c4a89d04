package dev.runnel.http.connection;

/** A text that counts how many characters of it were read. */
public final class CountedText implements CharSequence {

    private final String text;
    private int read;

    public CountedText(String text) {
        this.text = text;
    }

    /** How many characters were read so far, a character that was read twice as two. */
    public int read() {
        return read;
    }

    @Override
    public int length() {
        return text.length();
    }

    @Override
    public char charAt(int index) {
        read++;
        return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
        read += end - start;
        return text.subSequence(start, end);
    }

    @Override
    public String toString() {
        read += text.length();
        return text;
    }
}
