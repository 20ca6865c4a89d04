package dev.runnel.net.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Is placed between Netty's decoder and Vert.x (5.0.12) in a client's connection. A request that {@link RequestHead}
 * finds wrong is passed on as undecodable, so that its response is 400. Bodies are passed on in memory that needs no
 * release, as Vert.x drops requests that wait for the response before them when the client leaves. Vert.x would copy a
 * body into such memory anyway, and does not copy it again. A body whose chunks are malformed is passed on as one that
 * ends there, and its request is {@linkplain RequestFault#isMalformed malformed} from then on. Otherwise Vert.x would
 * close the connection before the response is sent.
 *
 * <p>A fault ends the input: what the client sends after it is dropped. Netty's decoder also stops at a fault of its
 * own. Otherwise a client could pipeline malformed requests without a bound on their responses.
 */
final class Http1RequestSanitizer extends ChannelInboundHandlerAdapter {

    private final Runnable bodyBroken;
    /** The request whose body has not ended. */
    private @Nullable HttpRequest current;
    /** Whether a request was malformed. */
    private boolean ended;

    /** @param bodyBroken runs when the chunks of a body are malformed: no further request arrives */
    Http1RequestSanitizer(Runnable bodyBroken) {
        this.bodyBroken = bodyBroken;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (ended) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpRequest request) {
            // Checked first: a head that Netty could not decode is a request and its content in one.
            start(context, request);
        } else {
            context.fireChannelRead(message instanceof HttpContent content ? sanitized(content) : message);
        }
    }

    private void start(ChannelHandlerContext context, HttpRequest request) {
        Optional<String> fault = request.decoderResult().isSuccess() ? RequestHead.fault(request) : Optional.empty();
        if (fault.isEmpty()) {
            ended = request.decoderResult().isFailure();
            current = request instanceof LastHttpContent ? null : request;
            context.fireChannelRead(request);
            return;
        }
        ended = true;
        request.setProtocolVersion(HttpVersion.HTTP_1_1);
        request.setDecoderResult(DecoderResult.failure(new RequestHeadException(fault.get())));
        context.fireChannelRead(request);
        context.fireChannelRead(LastHttpContent.EMPTY_LAST_CONTENT);
    }

    private Object sanitized(HttpContent body) {
        HttpRequest request = current;
        if (request != null && body.decoderResult().isFailure()) {
            body.release();
            ended = true;
            current = null;
            request.setDecoderResult(body.decoderResult());
            bodyBroken.run();
            return LastHttpContent.EMPTY_LAST_CONTENT;
        }
        if (body instanceof LastHttpContent) {
            // Its headers may be large, and the connection may be idle for long.
            current = null;
        }
        return body.content().isReadable() ? copied(body) : body;
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
