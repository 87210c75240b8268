package dev.modelsigning.model;

/** A listener for the progress of hashing. Methods are called by several threads concurrently. */
public interface HashProgress {

  /** A listener that does nothing. */
  HashProgress NONE =
      new HashProgress() {
        @Override
        public void started(long files, long bytes) {}

        @Override
        public void hashed(long bytes) {}

        @Override
        public void ended() {}
      };

  /**
   * Called when hashing begins.
   *
   * @param files the number of files that are known; files in directories are hashed as they are
   *     found
   * @param bytes their total length in bytes
   */
  void started(long files, long bytes);

  /**
   * Called when files to hash were found.
   *
   * @param files their number, since the last call
   * @param bytes their total length in bytes
   */
  default void found(long files, long bytes) {}

  /**
   * Called when bytes were hashed.
   *
   * @param bytes their number, since the last call
   */
  void hashed(long bytes);

  /**
   * Called when files were hashed completely; bytes are also reported for files that are not
   * complete.
   *
   * @param files their number, since the last call
   */
  default void finished(long files) {}

  /** Called when hashing is over, successful or not. */
  void ended();
}
