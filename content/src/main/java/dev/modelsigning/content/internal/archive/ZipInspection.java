package dev.modelsigning.content.internal.archive;

import dev.modelsigning.content.internal.found.FileStart;
import dev.modelsigning.content.internal.found.FoundFacts;
import dev.modelsigning.content.internal.found.PartReaders;
import dev.modelsigning.content.internal.found.ReadingRules;
import dev.modelsigning.facts.FileFacts;
import dev.modelsigning.facts.FileInspection;
import dev.modelsigning.facts.FileParts;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * Inspects a file that may be a zip file, or end with one. The central directory is at the end, so
 * it is read after the file was hashed.
 */
public final class ZipInspection implements FileInspection {

  private final FileStart file;
  private final PartReaders readers;

  /**
   * Creates an inspection of a file.
   *
   * @param readers the readers of its entries
   */
  public ZipInspection(FileStart file, PartReaders readers) {
    this.file = file.withoutStart();
    this.readers = readers;
  }

  @Override
  public boolean accept(ByteBuffer block) {
    return false;
  }

  @Override
  public FileFacts end(Optional<FileParts> parts) throws IOException {
    FoundFacts found = new FoundFacts(file.file());
    if (parts.isPresent()) {
      new ZipSearch(file, readers, found, 1).search(parts.get());
    } else if (file.isZip()) {
      found.finding(
          ReadingRules.CONTENT_NOT_SEARCHED,
          Optional.empty(),
          "a zip file is not looked into where parts of it cannot be read");
    }
    return found.facts();
  }
}
