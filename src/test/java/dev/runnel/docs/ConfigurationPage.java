package dev.runnel.docs;

import dev.runnel.docs.ShippedSettings.Setting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Writes the configuration page from {@code conf/runnel.yaml} and the rules of the settings. */
final class ConfigurationPage {

    private static final String HEAD = """
        # Configuration

        <!-- Generated from conf/runnel.yaml and the rules of the settings: see ConfigurationPageTest. -->

        Every setting, with its rule and its default. `conf/runnel.yaml` in the repository has the same in the form of a
        configuration file.

        <a id="where-settings-come-from"></a>

        ## Where settings come from

        The service runs without a file. Settings come from three layers. A later layer overrides an earlier one.

        1. The defaults in the jar. They are the file `conf/runnel.yaml`: complete, commented, every value its default.
        2. One file: `--config FILE`, else the file that `RUNNEL_CONFIG` names, else none. It needs only what differs. Its
           objects are merged into the defaults. Its lists (`models`, `plans`) replace the default lists, so name each
           entry that you want to keep. A key without a value counts as missing.
        3. The environment. Each single value outside of lists has a variable: `http.port` is `RUNNEL_HTTP_PORT`,
           `http.maxBodyBytes` is `RUNNEL_HTTP_MAX_BODY_BYTES`, `defaultModel` is `RUNNEL_DEFAULT_MODEL`. An empty
           variable counts as not set.

        An unknown `RUNNEL_*` variable is ignored with a warning. So is a known one whose value starts with `tcp://`:
        Kubernetes sets such variables for a service of the same name. An unknown key in the file is an error. All errors
        are reported at once, each with name, value and rule: `http.port: 70000 (expected: 0 … 65535)`.

        Durations have a unit: `20ms`, `15s`, `1m`, `2h`, `1d`. Paths in a file are relative to the folder of that file.
        Paths in variables are relative to the working directory. `~/` is the home directory.

        `RUNNEL_DATA` is the data directory, by default `~/.runnel`. [Deployment](operations/deployment.md) says what it
        holds.
        """;

    private final StringBuilder page = new StringBuilder(HEAD);
    private final List<Setting> settings;
    private final SettingRules rules;

    private ConfigurationPage(List<Setting> settings, SettingRules rules) {
        this.settings = settings;
        this.rules = rules;
    }

    static String text() throws IOException {
        return new ConfigurationPage(ShippedSettings.read(), new SettingRules(ShippedSettings.text())).write();
    }

    /** The environment variable of a path: {@code http.maxBodyBytes} is {@code RUNNEL_HTTP_MAX_BODY_BYTES}. */
    static String variable(String path) {
        return "RUNNEL_"
                + path.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                        .replace('.', '_')
                        .toUpperCase(Locale.ROOT);
    }

    private String write() {
        Map<String, List<Setting>> tables = new LinkedHashMap<>();
        settings.forEach(setting -> tables.computeIfAbsent(table(setting.path()), name -> new ArrayList<>())
                .add(setting));
        tables.forEach(this::writeTable);
        return page.toString();
    }

    /** The table of a key: its top-level key, or the list entry that it is in. */
    private static String table(String path) {
        int list = path.indexOf('[');
        return list < 0 ? path.replaceFirst("\\..*", "") : path.substring(0, path.indexOf(']', list) + 1);
    }

    private void writeTable(String name, List<Setting> all) {
        List<Setting> rows = all.stream()
                .filter(setting -> rules.of(setting.path()).isPresent())
                .toList();
        boolean isEntry = name.contains("[");
        page.append("\n## %s\n".formatted(isEntry ? entryTitle(name, rows) : name));
        String about = all.get(0).comment();
        if (rows.isEmpty() || (!about.isEmpty() && all.size() > 1)) {
            page.append("\n%s\n".formatted(about));
        }
        all.stream()
                .skip(1)
                .filter(setting -> !rows.contains(setting))
                .filter(setting -> !setting.comment().isEmpty())
                .forEach(setting -> page.append("\n`%s`: %s\n".formatted(key(setting), setting.comment())));
        if (!rows.isEmpty()) {
            page.append(isEntry ? "\n| Key | Required | Value | Example |" : "\n| Key | Value | Default | Variable |")
                    .append(" Description |\n|---|---|---|---|---|\n");
            rows.forEach(setting -> page.append(isEntry ? entryRow(setting) : row(setting)));
        }
    }

    private static String entryTitle(String name, List<Setting> rows) {
        String entry = rows.stream()
                .filter(setting ->
                        setting.path().equals(name + ".name") || setting.path().equals(name + ".issuer"))
                .map(Setting::value)
                .collect(Collectors.joining());
        return "An entry of " + name.replaceAll("\\[.*", "") + ": " + entry;
    }

    private String row(Setting setting) {
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        setting.path(),
                        rule(setting),
                        code(setting),
                        setting.isList() ? "" : "`" + variable(setting.path()) + "`",
                        cell(setting.comment()));
    }

    private String entryRow(Setting setting) {
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        key(setting),
                        rules.isRequired(setting.path()) ? "yes" : "",
                        rule(setting),
                        code(setting),
                        entryDescription(setting));
    }

    /** The first key of an entry has the comment of the entry above it, which introduces the table. */
    private static String entryDescription(Setting setting) {
        if (setting.path().endsWith("].name")) {
            return "The name.";
        }
        return setting.path().endsWith("].issuer")
                ? "The `iss` of its keys. It differs from `auth.issuer` and from every other entry."
                : cell(setting.comment());
    }

    /** The path in its list entry, without the numbers of lists. */
    private static String key(Setting setting) {
        return setting.path().replaceFirst("^[^\\[]*\\[\\d+]\\.", "").replaceAll("\\[\\d+]", "[]");
    }

    private String rule(Setting setting) {
        return cell(rules.of(setting.path()).orElseThrow());
    }

    private static String code(Setting setting) {
        return setting.value().isEmpty() ? "" : "`" + setting.value() + "`";
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*");
    }
}
