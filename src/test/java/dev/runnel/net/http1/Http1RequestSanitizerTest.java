package dev.runnel.net.http1;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Requests over sockets are tested in {@code http}. */
class Http1RequestSanitizerTest {

    private final EmbeddedChannel channel = new EmbeddedChannel(new Http1RequestSanitizer(() -> {}));

    private static ByteBuf pooled(String text) {
        ByteBuf bytes = PooledByteBufAllocator.DEFAULT.directBuffer();
        bytes.writeCharSequence(text, StandardCharsets.US_ASCII);
        return bytes;
    }

    private HttpContent through(HttpContent body) {
        channel.writeInbound(body);
        return channel.readInbound();
    }

    @Test
    void bodyNeedsNoRelease() {
        ByteBuf bytes = pooled("body");

        HttpContent arrived = through(new DefaultHttpContent(bytes));

        assertThat(bytes.refCnt()).isZero();
        assertThat(arrived.content().isDirect()).isFalse();
        assertThat(arrived.content().toString(StandardCharsets.US_ASCII)).isEqualTo("body");
    }

    @Test
    void endOfABodyStaysOne() {
        var end = new DefaultLastHttpContent(pooled("end"));
        end.trailingHeaders().add("X", "y");

        HttpContent arrived = through(end);

        assertThat(arrived)
                .isInstanceOfSatisfying(
                        LastHttpContent.class,
                        last -> assertThat(last.trailingHeaders().get("X")).isEqualTo("y"));
        assertThat(through(LastHttpContent.EMPTY_LAST_CONTENT)).isSameAs(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    @Test
    void headOfARequestIsNotKeptAfterItsEnd() {
        WeakReference<HttpRequest> head = new WeakReference<>(throughToItsEnd());

        await().until(() -> {
            System.gc();
            return head.get() == null;
        });
    }

    private HttpRequest throughToItsEnd() {
        channel.writeInbound(new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/"));
        HttpRequest head = channel.readInbound();
        through(LastHttpContent.EMPTY_LAST_CONTENT);
        return head;
    }

    @Test
    void nothingPassesAfterAMalformedHead() {
        ByteBuf body = pooled("body");
        HttpRequest malformed = new DefaultHttpRequest(HttpVersion.valueOf("HTTP/9.9"), HttpMethod.POST, "/");

        channel.writeInbound(malformed, new DefaultHttpContent(body), LastHttpContent.EMPTY_LAST_CONTENT, malformed);

        assertThat(channel.<HttpRequest>readInbound().decoderResult().isFailure())
                .isTrue();
        assertThat(channel.<HttpContent>readInbound()).isSameAs(LastHttpContent.EMPTY_LAST_CONTENT);
        assertThat(channel.<Object>readInbound()).isNull();
        assertThat(body.refCnt()).isZero();
    }
}
