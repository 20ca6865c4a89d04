package dev.runnel.config;

import java.time.Duration;

/**
 * The service port.
 *
 * @param host the address to listen on
 * @param port 0 … 65535; 0 is any free port
 * @param maxBodyBytes a request's body, at most
 * @param heartbeat how long a stream may be silent before it says {@code : ping}; zero is never
 * @param stall how long a client may take nothing before it is disconnected
 * @param sendBufferBytes the kernel's send buffer for a connection; deltas are folded once it is full
 */
public record HttpConfig(
        String host, int port, int maxBodyBytes, Duration heartbeat, Duration stall, int sendBufferBytes) {}
