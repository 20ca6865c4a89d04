package dev.runnel.net.http1;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.vertx.core.net.HostAndPort;
import java.util.List;
import java.util.Optional;

/** The rules of RFC 9112 for the head of a request that neither Netty (4.2) nor Vert.x (5.0.12) checks. */
final class RequestHead {

    private RequestHead() {}

    /** What is wrong with a request that Netty could decode; empty if nothing is. */
    static Optional<String> fault(HttpRequest request) {
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return Optional.of("HTTP version: unknown (expected: HTTP/1.0 or HTTP/1.1)");
        }
        if (request.headers().getAll(HttpHeaderNames.HOST).size() > 1) {
            return Optional.of("Host: given twice (expected: once)");
        }
        List<String> codings = request.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        if (!codings.isEmpty() && (codings.size() > 1 || !codings.get(0).strip().equalsIgnoreCase("chunked"))) {
            return Optional.of("Transfer-Encoding: not supported (expected: chunked alone)");
        }
        if (request.headers().contains("")) {
            return Optional.of("header name: empty (expected: one character or more)");
        }
        return isTargetOfHttp(request)
                ? Optional.empty()
                : Optional.of("request target: not HTTP (expected: a path, or a URI of http or https)");
    }

    /** RFC 9112, section 3.2: a path, an absolute URI, the authority of {@code CONNECT} or an asterisk. */
    private static boolean isTargetOfHttp(HttpRequest request) {
        String target = request.uri();
        return target.startsWith("/")
                || target.equals("*")
                || request.method().equals(HttpMethod.CONNECT)
                || isUriOf("http://", target)
                || isUriOf("https://", target);
    }

    /** With a host: the router sees the path alone, so the authority is checked here. */
    private static boolean isUriOf(String scheme, String target) {
        if (!target.regionMatches(true, 0, scheme, 0, scheme.length())) {
            return false;
        }
        int end = scheme.length();
        while (end < target.length() && "/?#".indexOf(target.charAt(end)) < 0) {
            end++;
        }
        return HostAndPort.parseAuthority(target.substring(scheme.length(), end), -1) != null;
    }
}
