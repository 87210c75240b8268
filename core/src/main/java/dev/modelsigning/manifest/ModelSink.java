package dev.modelsigning.manifest;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.UncoveredEntry;
import java.io.IOException;

/**
 * Says which files of a model are to be hashed, and takes what was found and checked, in any order.
 * It is called by several threads at once.
 */
interface ModelSink {

  /**
   * The model is a single file, and no directory.
   *
   * @param name its name
   */
  void singleFile(String name);

  /**
   * A regular file, or an allowed link to one, was found that no rule leaves out.
   *
   * @return whether it is to be hashed
   * @throws IOException if the work is to end, as it was found before
   */
  boolean wants(ModelFile file) throws IOException;

  /**
   * A file was hashed. The digests are as many as they should be, and as long.
   *
   * @throws IOException if the work is to end, as it was hashed before
   */
  void hashed(Hashed outcome) throws IOException;

  /** An entry was left out by a rule. */
  void ignored(UncoveredEntry entry);

  /** An entry is neither a directory nor a file that may be hashed. */
  void irregular(IrregularEntry entry);

  /** Something was found that a signer or a reader of the verdict should know. */
  void finding(Finding finding);
}
