package dev.modelsigning.model;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.HashOutcome.Hashed;
import java.io.IOException;

/**
 * Receives the entries of a {@link ModelSource}, in any order. It may be called by several threads
 * concurrently.
 *
 * <p>For each file, the source first asks whether its digest is {@linkplain #wants wanted}. If so,
 * it passes either the file, to be hashed by a digester, or digests that it computed or knows.
 */
public interface Listing {

  /** Called if the model is a single file instead of a directory, before that file is passed. */
  void singleFile();

  /**
   * Called for a regular file, or an allowed link to one.
   *
   * @return whether its digest is wanted
   * @throws IOException if the listing must end because a name occurs twice or the file cannot be a
   *     file of a model. A source that continues does so in vain: the failure is recorded
   */
  boolean wants(ModelFile file) throws IOException;

  /**
   * Receives a file whose digest is wanted and not known to the source: the same object as for
   * {@link #wants}, once. It may be hashed before this method returns, together with others.
   *
   * @throws IOException if it cannot be hashed, or {@link #wants} was not called for it
   */
  void file(ModelFile file) throws IOException;

  /**
   * Receives the digests of a file that the source knows: for the same object as for {@link
   * #wants}, once.
   *
   * @throws IOException if the evidence is not accepted, the digests do not match its length, or
   *     {@link #wants} was not called for it
   */
  void hashed(Hashed outcome) throws IOException;

  /**
   * Called for an entry that a rule leaves out; a directory stands for everything below it, which
   * is not listed.
   */
  void leftOut(UncoveredEntry entry);

  /** Called for an entry that is neither a directory nor a file that may be hashed. */
  void irregular(IrregularEntry entry);

  /** Called for a finding for the signer or for readers of the verdict. */
  void finding(Finding finding);
}
