package dev.runnel.bench.relay;

import java.util.Map;

/**
 * What became of slow clients.
 *
 * @param evicted how many clients that read nothing were disconnected
 * @param evictionMicros from the request of such a client to its end: "least", "p50" and "most"
 * @param senders how many slow senders ended, by status and the whole seconds from connecting to the end
 */
record SlowClientsReport(int evicted, Map<String, Long> evictionMicros, Map<String, Integer> senders) {}
