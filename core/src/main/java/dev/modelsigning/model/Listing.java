package dev.modelsigning.model;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.HashOutcome.Hashed;
import java.io.IOException;

/**
 * Takes what a {@link ModelSource} finds, in any order. It may be called by several threads at
 * once.
 *
 * <p>Of each file a source first asks whether its digest is {@linkplain #wants wanted}. If it is,
 * then it hands out the file, to be hashed by whoever is to, or the digests that it has made or
 * knows.
 */
public interface Listing {

  /** The model is a single file and no directory. Told before that file is. */
  void singleFile();

  /**
   * A regular file was found, or an allowed link to one.
   *
   * @return whether its digest is wanted
   * @throws IOException if the listing is to end, as a name comes twice or the file can be no file
   *     of a model. Whoever goes on all the same lists for nothing: the failure is remembered
   */
  boolean wants(ModelFile file) throws IOException;

  /**
   * Takes a file whose digest is wanted and not known to the source: the object that was asked
   * about, once. It may be hashed before this returns, with others.
   *
   * @throws IOException if it cannot be hashed, or was not asked about
   */
  void file(ModelFile file) throws IOException;

  /**
   * Takes a file whose digest is wanted, with what the source knows of it: the object that was
   * asked about, once.
   *
   * @throws IOException if the evidence is none that is accepted, these are no digests of it, or it
   *     was not asked about
   */
  void hashed(Hashed outcome) throws IOException;

  /** An entry was left out by a rule; a directory stands for all below it, which is not listed. */
  void leftOut(UncoveredEntry entry);

  /** An entry is neither a directory nor a file that may be hashed. */
  void irregular(IrregularEntry entry);

  /** Something was found that a signer or a reader of the verdict should know. */
  void finding(Finding finding);
}
