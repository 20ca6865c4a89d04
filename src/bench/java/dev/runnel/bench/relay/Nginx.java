package dev.runnel.bench.relay;

import static org.awaitility.Awaitility.await;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/** nginx that passes bytes and does nothing else: the yardstick. */
final class Nginx implements Server {

    private static final Duration START = Duration.ofSeconds(10);

    private final Process process;
    private final int port;

    private Nginx(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** Starts it, where it is installed. */
    static Optional<Nginx> start(int upstreamPort, Path folder) throws IOException {
        Optional<Path> program = program();
        return program.isEmpty() ? Optional.empty() : Optional.of(start(program.get(), upstreamPort, folder));
    }

    private static Optional<Path> program() {
        String places = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(places)
                .map(place -> Path.of(place, "nginx"))
                .filter(Files::isExecutable)
                .findFirst();
    }

    private static Nginx start(Path program, int upstreamPort, Path folder) throws IOException {
        int port = freePort();
        Path configuration = Files.writeString(folder.resolve("nginx.conf"), configuration(port, upstreamPort, folder));
        Process process = new ProcessBuilder(
                        program.toString(), "-p", folder.toString(), "-c", configuration.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("nginx.out").toFile())
                .start();
        Nginx nginx = new Nginx(process, port);
        await().atMost(START).pollInterval(Duration.ofMillis(20)).until(nginx::listens);
        return nginx;
    }

    private static String configuration(int port, int upstreamPort, Path folder) {
        return """
                worker_processes 1;
                worker_rlimit_nofile %3$d;
                daemon off;
                pid %4$s/nginx.pid;
                error_log %4$s/nginx.log;
                events { worker_connections 16384; }
                http {
                  access_log off;
                  client_body_temp_path %4$s/body;
                  proxy_temp_path %4$s/proxy;
                  fastcgi_temp_path %4$s/fastcgi;
                  uwsgi_temp_path %4$s/uwsgi;
                  scgi_temp_path %4$s/scgi;
                  upstream engine { server 127.0.0.1:%2$d; keepalive 1024; }
                  server {
                    listen 127.0.0.1:%1$d backlog=4096;
                    location / {
                      proxy_pass http://engine;
                      proxy_http_version 1.1;
                      proxy_set_header Connection "";
                      proxy_buffering off;
                    }
                  }
                }
                """.formatted(port, upstreamPort, Math.min(65_535, ProcessCost.mostOpenFiles()), folder);
    }

    /** nginx cannot be asked which port it took. */
    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private boolean listens() {
        if (!process.isAlive()) {
            throw new IllegalStateException("nginx ended with status " + process.exitValue());
        }
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return socket.isConnected();
        } catch (IOException notYet) {
            return false;
        }
    }

    @Override
    public String label() {
        return "nginx";
    }

    @Override
    public Load addressed(Load load) {
        return load.at(port, false, "");
    }

    @Override
    public ProcessHandle worker() {
        return process.toHandle().children().findFirst().orElseThrow();
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit().join();
    }
}
