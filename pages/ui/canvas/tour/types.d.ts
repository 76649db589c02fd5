// Types of the guided tour. Never sent.

declare namespace Tour {
  interface Task {
    title: string;
    text: string;
    hints: string[];
    page: string;
    isDone: boolean;
  }

  interface Header {
    mode: string;
    page: string;
    generations: number;
    /** The first task that is not done; null once all are. */
    current: number | null;
    tasks: Task[];
  }

  interface Instance extends Mounted {
    parts: Record<string, any>;
    header: Header;
    hints: number;
    hasStarted: boolean;
    /** What has just been done. */
    finished: string;
    isOpen: boolean;
  }
}
