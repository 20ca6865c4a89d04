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
 * Stands between Netty's decoder and Vert.x (5.0.12) in a client's connection. Requests of HTTP versions other than 1.0
 * and 1.1 arrive as undecodable ones, for a 400 in place of a 501. Bodies arrive in memory that needs no release: what
 * waits behind an answer when the client leaves is forgotten. Vert.x would copy it into such memory anyway, and does
 * not copy it again.
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
            request.setDecoderResult(
                    DecoderResult.failure(new IllegalArgumentException("an HTTP version that nobody knows")));
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
