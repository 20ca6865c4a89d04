/**
 * Formats the lines of the log, and counts events that repeat instead of logging each. It must not know what is logged:
 * other rooms use SLF4J, and only this one uses Logback. Its public types are {@link dev.runnel.log.Logs}, and {@link
 * dev.runnel.log.LineEncoder} and {@link dev.runnel.log.RepeatAppender} for {@code logback.xml}. The JSON form is our
 * own, because logstash-logback-encoder 8.1 does not limit the length of messages and values.
 */
@NullMarked
package dev.runnel.log;

import org.jspecify.annotations.NullMarked;
