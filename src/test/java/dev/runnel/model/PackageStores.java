package dev.runnel.model;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Stores of packages for tests. */
public final class PackageStores {

    private PackageStores() {}

    /** One whose registry does not answer. */
    public static PackageStore unreachable(Path data) {
        return of(data, "https://localhost:1/", HttpClient.newHttpClient(), new RecordingListener());
    }

    static PackageStore of(Path data, String registry, HttpClient client, FetchListener listener) {
        var tools = new FetchTools(
                () -> client, List.of(), Map.of(), folder -> Long.MAX_VALUE, Duration.ofSeconds(30), System::nanoTime);
        return new PackageStore(data, listener, tools, new NpmRegistry(Map.of("npm_config_registry", registry), data));
    }
}
