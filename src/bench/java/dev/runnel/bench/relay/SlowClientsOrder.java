package dev.runnel.bench.relay;

import java.util.List;

/**
 * The slow clients of a measurement.
 *
 * @param port of the service on this machine
 * @param keys used in turns
 * @param neverReaders how many clients send a request and read nothing, at once
 * @param slowSenders how many clients send their request byte by byte, at once
 */
record SlowClientsOrder(int port, List<String> keys, int neverReaders, int slowSenders) {}
