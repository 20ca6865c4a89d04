/**
 * The names, labels and descriptions of all meters. It must not know what is counted where: other rooms pass numbers
 * to it, or the record of a generation that ended.
 *
 * <p>Other rooms use {@link dev.runnel.metric.Metrics}, {@link dev.runnel.metric.GenerationMeters},
 * {@link dev.runnel.metric.ModelMeters}, {@link dev.runnel.metric.ModelGauge}, {@link dev.runnel.metric.ModelLabels},
 * {@link dev.runnel.metric.KeyMeters}, {@link dev.runnel.metric.LimitMeters}, {@link dev.runnel.metric.RequestMeters},
 * {@link dev.runnel.metric.ConnectionMeters}, {@link dev.runnel.metric.StreamMeters},
 * {@link dev.runnel.metric.ResumeMeters}, {@link dev.runnel.metric.MemoryMeters},
 * {@link dev.runnel.metric.ClusterMeters}, {@link dev.runnel.metric.CopyMeters},
 * {@link dev.runnel.metric.TraceMeters}, {@link dev.runnel.metric.UpstreamMeters} and
 * {@link dev.runnel.metric.WarmUpMeters}.
 */
@NullMarked
package dev.runnel.metric;

import org.jspecify.annotations.NullMarked;
