package dev.selvage.train;

import java.util.List;

/**
 * All that is kept of an epoch beside its weights.
 *
 * @param exhibits see {@link Exhibits}; none after most epochs
 */
record EpochReport(EpochRow row, List<SummaryValue> exhibits) {}
