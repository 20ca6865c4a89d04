package dev.runnel.net.http1;

import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpObjectEncoder;
import io.netty.handler.codec.http2.Http2ConnectionHandler;

/** The names that Vert.x (5.0.12) gives the handlers in the pipeline of a server's connection. */
final class PipelineNames {

    /** The handler that is the connection. */
    static final String CONNECTION = "handler";
    /** The encoder of HTTP messages, which only HTTP/1 connections have. */
    static final String ENCODER = "httpEncoder";

    private PipelineNames() {}

    /** Whether the handlers have these names. Another version of Vert.x may have others. */
    static boolean match(ChannelPipeline pipeline) {
        boolean isHttp2 = pipeline.get(Http2ConnectionHandler.class) != null;
        return pipeline.get(CONNECTION) != null && (isHttp2 || pipeline.get(ENCODER) instanceof HttpObjectEncoder);
    }
}
