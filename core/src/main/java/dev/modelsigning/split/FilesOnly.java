package dev.modelsigning.split;

import dev.modelsigning.finding.Finding;
import dev.modelsigning.model.HashOutcome.Hashed;
import dev.modelsigning.model.IrregularEntry;
import dev.modelsigning.model.Listing;
import dev.modelsigning.model.ModelFile;
import dev.modelsigning.model.UncoveredEntry;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.function.Consumer;

/** Looks at the files of a model. None is hashed; what else there is, whoever hashes it judges. */
final class FilesOnly implements Listing {

  private final Consumer<ModelFile> look;
  private final Runnable single;

  /**
   * Creates it.
   *
   * @param look looks at a file. It may be called by several threads
   * @param single is run if the model is a single file
   */
  FilesOnly(Consumer<ModelFile> look, Runnable single) {
    this.look = look;
    this.single = single;
  }

  @Override
  public boolean wants(ModelFile file) {
    look.accept(file);
    return false;
  }

  @Override
  public void file(ModelFile file) throws IOException {
    throw new FileSystemException(file.location(), null, "was passed without being asked for");
  }

  @Override
  public void hashed(Hashed outcome) throws IOException {
    file(outcome.file());
  }

  @Override
  public void singleFile() {
    single.run();
  }

  @Override
  public void leftOut(UncoveredEntry entry) {}

  @Override
  public void irregular(IrregularEntry entry) {}

  @Override
  public void finding(Finding finding) {}
}
