/**
 * Reads YAML and environment variables, merges them over the defaults, checks every value by a rule and collects the
 * complaints. It must not know which settings exist: the records of {@code config} name them.
 *
 * <p>Other rooms use {@link dev.runnel.config.tree.Section} and {@link dev.runnel.config.tree.Rule} to read settings of
 * their own, {@link dev.runnel.config.tree.Nearest} and {@link dev.runnel.config.tree.ConfigException}.
 * {@link dev.runnel.config.tree.ConfigTree} is for {@code config} alone.
 */
@NullMarked
package dev.runnel.config.tree;

import org.jspecify.annotations.NullMarked;
