package dev.runnel.conformance.wire;

import java.util.List;
import java.util.Optional;

/** The status line and the headers of an answer. */
public record Head(int status, List<Header> headers) {

    public Head {
        headers = List.copyOf(headers);
    }

    /** The value of a header, empty if it is absent. Several lines of one name are joined by commas. */
    public Optional<String> header(String name) {
        return headers.stream()
                .filter(header -> header.isNamed(name))
                .map(Header::value)
                .reduce((first, second) -> first + ", " + second);
    }

    boolean isChunked() {
        return header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent();
    }

    boolean hasNoBody() {
        return status == 204 || status == 304;
    }
}
