package dev.runnel.config;

/**
 * The management port: metrics and health.
 *
 * @param port 0 … 65535; 0 is any free port
 */
public record ManagementConfig(String host, int port) {}
