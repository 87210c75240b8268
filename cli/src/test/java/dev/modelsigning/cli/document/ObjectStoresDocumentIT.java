package dev.modelsigning.cli.document;

import dev.modelsigning.cli.testing.DocumentModel;
import dev.modelsigning.cli.testing.DocumentedCommands;
import dev.modelsigning.s3.LocalS3;
import dev.modelsigning.s3.WithLocalS3;
import dev.modelsigning.testing.OnOneJdk;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** The commands of {@code docs/object-stores.md}, with versitygw. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "needs a shell")
@OnOneJdk
@WithLocalS3
class ObjectStoresDocumentIT {

  @TempDir private Path directory;

  @Test
  void signsWhereModelsAre() throws Exception {
    DocumentModel.writeKeys(directory);
    Path model = DocumentModel.write(directory);
    Files.writeString(directory.resolve("tests.json"), "{\"result\": \"PASSED\"}\n");
    try (LocalS3 store =
        LocalS3.start(LocalS3.Kind.VERSITYGW, Files.createDirectory(directory.resolve("store")))) {
      store.putAll(model, "bert/");
      new DocumentedCommands("object-stores.md", directory, "", store.environment()).runAll();
    }
  }
}
