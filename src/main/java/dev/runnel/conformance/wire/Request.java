package dev.runnel.conformance.wire;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A well-formed request. Malformed ones are sent as plain bytes. */
public final class Request {

    private final String method;
    private final String path;
    private final List<Header> headers;
    private final byte[] body;

    private Request(String method, String path, List<Header> headers, byte[] body) {
        this.method = method;
        this.path = path;
        this.headers = List.copyOf(headers);
        this.body = body;
    }

    /**
     * A request without headers and body.
     *
     * @param path a path of the contract
     */
    public static Request of(String method, String path) {
        return new Request(method, path, List.of(), new byte[0]);
    }

    public String method() {
        return method;
    }

    public Request header(String name, String value) {
        List<Header> more = new ArrayList<>(headers);
        more.add(new Header(name, value));
        return new Request(method, path, more, body);
    }

    public Request without(String name) {
        List<Header> fewer =
                headers.stream().filter(header -> !header.isNamed(name)).toList();
        return new Request(method, path, fewer, body);
    }

    public Request key(String key) {
        return header("Authorization", "Bearer " + key);
    }

    public Request json(String text) {
        return header("Content-Type", "application/json").body(text.getBytes(StandardCharsets.UTF_8));
    }

    public Request body(byte[] bytes) {
        return new Request(method, path, headers, bytes);
    }

    /** Its bytes for HTTP/1.1. A body gets a {@code Content-Length}. */
    public byte[] bytes(Target target) {
        StringBuilder head = new StringBuilder()
                .append(method)
                .append(' ')
                .append(target.path(path))
                .append(" HTTP/1.1\r\nHost: ")
                .append(target.authority())
                .append("\r\n");
        headers.forEach(header ->
                head.append(header.name()).append(": ").append(header.value()).append("\r\n"));
        if (body.length > 0 || method.equals("POST")) {
            head.append("Content-Length: ").append(body.length).append("\r\n");
        }
        byte[] first = head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
        byte[] all = new byte[first.length + body.length];
        System.arraycopy(first, 0, all, 0, first.length);
        System.arraycopy(body, 0, all, first.length, body.length);
        return all;
    }
}
