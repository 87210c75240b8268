package dev.modelsigning.internal.engine;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A directory to list, whose entries several threads may judge.
 *
 * @param <D> the handler's own data for a directory
 */
final class DirectoryWork<D> {

  /** The number of entries in a task, small enough that no thread waits long. */
  private static final int BATCH = 64;

  private final DirectoryHandler<D> handler;
  private final D directory;
  private final FoundDirectory found;
  private final AtomicInteger users = new AtomicInteger(1);
  private @Nullable OpenDirectory open;

  DirectoryWork(DirectoryHandler<D> handler, D directory, FoundDirectory found) {
    this.handler = handler;
    this.directory = directory;
    this.found = found;
  }

  /** A batch of entries of the open directory. */
  private final class Entries implements HashTask.Scan {
    private final OpenDirectory opened;
    private final List<Path> entries;

    Entries(OpenDirectory opened, List<Path> entries) {
      this.opened = opened;
      this.entries = entries;
      users.incrementAndGet();
    }

    @Override
    public void perform(HashWorker worker) throws IOException, InterruptedException {
      boolean done = false;
      try {
        judge(opened, entries, worker);
        done = true;
      } finally {
        leave(done);
      }
    }

    @Override
    public void abandon() throws IOException {
      leave(false);
    }
  }

  /** The task that lists the directory. */
  HashTask.Scan task() {
    return this::list;
  }

  private void list(HashWorker worker) throws IOException, InterruptedException {
    OpenDirectory opened;
    try {
      opened = worker.open(found);
    } catch (FileChangedException e) {
      throw e;
    } catch (IOException e) {
      handler.unlistable(directory, found.path(), e);
      return;
    }
    open = opened;
    boolean done = false;
    try {
      list(opened, worker);
      done = true;
    } finally {
      leave(done);
    }
  }

  private void list(OpenDirectory opened, HashWorker worker)
      throws IOException, InterruptedException {
    Iterator<Path> entries = opened.entries();
    List<Path> batch = new ArrayList<>(BATCH);
    while (true) {
      Path entry;
      try {
        entry = OpenDirectory.next(entries);
      } catch (IOException e) {
        handler.unlistable(directory, found.path(), e);
        return;
      }
      if (entry == null) {
        worker.saw(batch.size());
        judge(opened, batch, worker);
        return;
      }
      batch.add(entry);
      if (batch.size() == BATCH) {
        worker.saw(batch.size());
        if (worker.someoneIsIdle()) {
          worker.add(new Entries(opened, batch));
        } else {
          judge(opened, batch, worker);
        }
        batch = new ArrayList<>(BATCH);
      }
    }
  }

  private void judge(OpenDirectory opened, List<Path> entries, HashWorker worker)
      throws IOException, InterruptedException {
    Scan scan = new Scan(worker);
    for (Path entry : entries) {
      worker.requireNoFailure();
      handler.entry(directory, opened, entry, scan);
    }
  }

  /**
   * Closes the directory when its last user leaves.
   *
   * @param done whether nothing has failed, so that the directory must be checked for changes
   */
  private void leave(boolean done) throws IOException {
    OpenDirectory opened = open;
    if (users.decrementAndGet() == 0 && opened != null) {
      try (opened) {
        if (done) {
          opened.requireStillThere();
        }
      }
    }
  }

  private final class Scan implements DirectoryScan<D> {
    private final HashWorker worker;

    Scan(HashWorker worker) {
      this.worker = worker;
    }

    @Override
    public void enter(D below, FoundDirectory foundBelow) {
      worker.add(new DirectoryWork<>(handler, below, foundBelow).task());
    }

    @Override
    public void hash(OpenDirectory opened, FileHash file, Result result)
        throws IOException, InterruptedException {
      worker.hash(opened, file, result);
    }
  }
}
