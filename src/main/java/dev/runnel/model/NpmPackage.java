package dev.runnel.model;

import java.util.Set;

/**
 * A package of the npm registry that contains files for this program.
 *
 * @param scope the scope of its name, such as {@code @example}
 * @param name its name after the scope
 * @param version the exact version
 * @param folder the folder inside of it that has the files
 * @param without names of files there that are not needed
 * @param sha256 the hash of the archive, 64 hexadecimal digits in lower case
 * @param bytes the size of the archive
 */
public record NpmPackage(
        String scope, String name, String version, String folder, Set<String> without, String sha256, long bytes)
        implements PackedFiles {

    /** The license of the package, which is kept beside the files. */
    private static final String LICENSE = "LICENSE";

    public NpmPackage {
        without = Set.copyOf(without);
    }

    /** The path of the archive below the address of a registry. */
    String path() {
        return scope + "/" + name + "/-/" + name + "-" + version + ".tgz";
    }

    @Override
    public String nameOf(String path) {
        if (path.equals("package/" + LICENSE)) {
            return LICENSE;
        }
        String parent = "package/" + folder + "/";
        String rest = path.startsWith(parent) ? path.substring(parent.length()) : "";
        return PackedFiles.isPlain(rest) && !without.contains(rest) ? rest : "";
    }
}
