package dev.modelsigning.manifest;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.UncoveredEntry;
import java.io.IOException;

/**
 * Decides which files of a model are hashed, and receives the checked results, in any order. It is
 * called by several threads concurrently.
 */
interface ModelSink {

  /**
   * Called if the model is a single file instead of a directory.
   *
   * @param name its name
   */
  void singleFile(String name);

  /**
   * Called for a regular file, or an allowed link to one, that no rule leaves out.
   *
   * @return whether it is to be hashed
   * @throws IOException if it was found before, which ends the run
   */
  boolean wants(ModelFile file) throws IOException;

  /**
   * Called when a file was hashed. The number of digests and their length were checked.
   *
   * @throws IOException if it was hashed before, which ends the run
   */
  void hashed(Hashed outcome) throws IOException;

  /** Called for an entry that a rule leaves out. */
  void ignored(UncoveredEntry entry);

  /** Called for an entry that is neither a directory nor a file that may be hashed. */
  void irregular(IrregularEntry entry);

  /** Called for a finding for the signer or for readers of the verdict. */
  void finding(Finding finding);
}
