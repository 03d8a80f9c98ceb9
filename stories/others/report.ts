/** What the service answers in the end. */
export interface Report {
  readonly Title: string
  readonly DownloadUrl: string
}

/** Props of the pages of this folder. */
export interface ReportPageProps {
  /** Tell the service of the stories what to do. An app needs none. */
  readonly headers: Readonly<Record<string, string>>
}
