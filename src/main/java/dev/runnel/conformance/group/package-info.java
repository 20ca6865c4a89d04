/**
 * The cases, one class for each part of the contract. It must not know how results are shown, nor the command line.
 *
 * <p>Entry point: {@link dev.runnel.conformance.group.AllCases}.
 */
@NullMarked
package dev.runnel.conformance.group;

import org.jspecify.annotations.NullMarked;
