package dev.selvage.train;

import dev.selvage.tensorboard.SummaryValue;
import java.util.List;

/**
 * All that is kept of an epoch beside its weights.
 *
 * @param exhibits see {@link TensorBoardImages}; none after most epochs
 */
record EpochReport(EpochRow row, List<SummaryValue> exhibits) {}
