package dev.runnel.model;

import java.io.IOException;
import java.io.InputStream;

/** Receives the files of an archive. */
interface ArchiveVisitor {

    /** Called for each file. What is not read of its content is skipped. */
    void file(String path, InputStream content) throws SourceFailedException, IOException;

    /**
     * Called for each link.
     *
     * @param target the path of the linked file as the archive has it: from the top of the archive, or from the folder
     *     of the link
     */
    default void link(String path, String target) throws SourceFailedException, IOException {}
}
