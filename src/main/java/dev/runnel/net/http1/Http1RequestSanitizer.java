package dev.runnel.net.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;

/**
 * Is placed between Netty's decoder and Vert.x (5.0.12) in a client's connection. A request of an HTTP version other
 * than 1.0 and 1.1 is passed on as undecodable, so that its response is 400 and not 501. Bodies are passed on in memory
 * that needs no release, as Vert.x drops requests that wait for the response before them when the client leaves. Vert.x
 * would copy a body into such memory anyway, and does not copy it again.
 */
public final class Http1RequestSanitizer extends ChannelInboundHandlerAdapter {

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof HttpRequest request) {
            refuseUnknownVersion(request);
        }
        boolean hasBody =
                message instanceof HttpContent content && content.content().isReadable();
        context.fireChannelRead(hasBody ? copied((HttpContent) message) : message);
    }

    private static void refuseUnknownVersion(HttpRequest request) {
        if (request.decoderResult().isSuccess()
                && !request.protocolVersion().equals(HttpVersion.HTTP_1_1)
                && !request.protocolVersion().equals(HttpVersion.HTTP_1_0)) {
            request.setProtocolVersion(HttpVersion.HTTP_1_1);
            request.setDecoderResult(DecoderResult.failure(
                    new IllegalArgumentException("HTTP version: unknown (expected: HTTP/1.0 or HTTP/1.1)")));
        }
    }

    private static HttpContent copied(HttpContent body) {
        ByteBuf bytes = body.content();
        try {
            HttpContent copy = body.replace(Unpooled.copiedBuffer(bytes));
            copy.setDecoderResult(body.decoderResult());
            return copy;
        } finally {
            bytes.release();
        }
    }
}
